import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";

import { addPeople, type DraftPerson } from "../../core/calendar/draft";
import {
  called,
  isNameAlone,
  keyOf,
  looksLikeAddress,
  mostInvited,
  readPeople,
} from "../../core/calendar/people";
import { isImeKey } from "../../core/keyboard";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { ChevronDown, CircleAlert, X } from "../../ui/icons";
import { Lookup } from "../../ui/Lookup";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";

import { usePorts } from "./calendar";
import styles from "./PeopleField.module.css";

export interface PeopleFieldProps {
  people: readonly DraftPerson[];
  onPeople(people: readonly DraftPerson[]): void;
  isWrong: boolean;
  /** Whether who is invited gets a mail. */
  mails: boolean;
}

/** So many are shown until one wants to see all. */
const SHOWN = 24;

/** Names and addresses become chips at Enter, at a comma, by a pasted list, and when one goes on. Colleagues are found while one types. */
export function PeopleField({ people, onPeople, isWrong, mails }: PeopleFieldProps) {
  const t = useT();
  const { colleagues } = usePorts();
  const [typed, setTyped] = useState("");
  const [isWhole, setWhole] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const shown = isWhole ? people : people.slice(0, SHOWN);
  const tooMany = people.length > mostInvited;

  function take(text: string): void {
    const more = readPeople(text);
    setTyped("");
    if (more.length > 0) onPeople(addPeople(people, more));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isImeKey(event.nativeEvent)) return;
    if (event.key === "Enter" && typed.trim() !== "") {
      event.preventDefault();
      take(typed);
    } else if (event.key === "Backspace" && typed === "") onPeople(people.slice(0, -1));
  }

  function onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData.getData("text/plain");
    // One word is typed on; a list is one.
    if (readPeople(text).length < 2 && !text.includes("@")) return;
    event.preventDefault();
    take(`${typed}${text}`);
  }

  return (
    <>
      {/* Whatever of the box is pressed, one means to type. */}
      <div className={styles.box} data-invalid={isWrong || tooMany || undefined}>
        {people.length > 0 && (
          <ul className={styles.chips} aria-label={t("meetings.plan.people")}>
            {shown.map((person) => (
              <li key={keyOf(person)}>
                <Chip
                  person={person}
                  onChange={(next) => onPeople(people.map((one) => (one === person ? next : one)))}
                  onRemove={() => {
                    onPeople(people.filter((one) => one !== person));
                    input.current?.focus();
                  }}
                />
              </li>
            ))}
            {shown.length < people.length && (
              <li>
                <Button look="plain" size={32} onPress={() => setWhole(true)}>
                  {t("meetings.people.more", { count: people.length - shown.length })}
                </Button>
              </li>
            )}
          </ul>
        )}
        <Lookup
          label={t("meetings.plan.people")}
          labelHidden
          typed={typed}
          onTyped={setTyped}
          find={colleagues}
          onFound={({ id, word, hint }) => {
            setTyped("");
            onPeople(addPeople(people, [{ name: word, address: hint ?? "", account: id }]));
          }}
          inputRef={input}
          inputClass={styles.input}
          input={{
            "aria-invalid": isWrong || tooMany,
            placeholder: t("meetings.people.placeholder"),
            inputMode: "email",
            onChange: ({ target, nativeEvent }) => {
              const composing = "isComposing" in nativeEvent && nativeEvent.isComposing === true;
              if (!composing && /[,;，；、\n]$/.test(target.value)) take(target.value);
              else setTyped(target.value);
            },
            onKeyDown,
            onPaste,
            onBlur: () => take(typed),
          }}
        />
      </div>
      {!mails && <p className={styles.hint}>{t("meetings.people.noMail")}</p>}
      {isWrong && <p className={styles.error}>{t("meetings.wrong.people")}</p>}
      {tooMany && <p className={styles.error}>{t("meetings.wrong.tooMany", { most: mostInvited })}</p>}
    </>
  );
}

interface ChipProps {
  person: DraftPerson;
  onChange(person: DraftPerson): void;
  onRemove(): void;
}

/** Somebody: what they may do is behind their name. Who can't be written to is marked by a shape and said in words. */
function Chip({ person, onChange, onRemove }: ChipProps) {
  const t = useT();
  const name = called(person);
  const isWrong = person.address !== "" && !looksLikeAddress(person.address);
  const label = t("meetings.people.chip", { name, cohost: person.cohost ? "yes" : "no" });
  return (
    <span className={styles.chip} data-wrong={isWrong || undefined} title={person.address || undefined}>
      {isWrong && <CircleAlert size={14} aria-hidden="true" />}
      <MenuTrigger>
        <AriaButton className={styles.name ?? ""} aria-label={label}>
          <bdi>{name}</bdi>
          {person.cohost && <small>{t("meetings.cohost")}</small>}
          <ChevronDown size={12} aria-hidden="true" />
        </AriaButton>
        <Popover placement="bottom start">
          <Menu
            aria-label={label}
            onAction={(id) =>
              id === "remove" ? onRemove() : onChange({ ...person, cohost: !person.cohost })
            }
          >
            {(!isNameAlone(person) || person.cohost) && (
              <MenuItem id="cohost" hint={t("meetings.cohost.hint")}>
                {t(person.cohost ? "meetings.cohost.unmake" : "meetings.cohost.make")}
              </MenuItem>
            )}
            <MenuItem id="remove" tone="danger">
              {t("meetings.people.remove")}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      <AriaButton
        className={styles.remove ?? ""}
        aria-label={t("meetings.people.remove.one", { name })}
        onPress={onRemove}
      >
        <X size={14} aria-hidden="true" />
      </AriaButton>
    </span>
  );
}
