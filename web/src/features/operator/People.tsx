import { useCallback, useDeferredValue, useState } from "react";

import type { PersonShown } from "../../core/api/operator-client";
import type { Answer } from "../../core/api/types";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Ellipsis } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { day } from "./shown";
import { More, usePages } from "./Pages";
import { Told, type Trouble, troubleOf, Wrong } from "./Told";

type Deed = "suspend" | "restore" | "appoint" | "dismiss" | "reset";

export function People() {
  const t = useT();
  const { api } = useDesk();
  const [like, setLike] = useState("");
  const sought = useDeferredValue(like.trim());
  const listed = usePages(useCallback((after: string | null) => api.people(sought, after), [api, sought]));
  const { told, pages } = listed;
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [link, setLink] = useState<{ name: string; link: string } | null>(null);
  const [asking, setAsking] = useState<PersonShown | null>(null);

  async function done(answer: Promise<Answer<unknown>>) {
    setTrouble(troubleOf(await answer));
    await told.ask();
  }

  async function act(person: PersonShown, deed: Deed) {
    if (deed === "suspend") return setAsking(person);
    if (deed === "restore") return done(api.suspend(person.id, false));
    if (deed !== "reset") return done(api.appoint(person.id, deed === "appoint"));
    const answer = await api.reset(person.id);
    setTrouble(troubleOf(answer));
    if (answer.kind === "ok") setLink({ name: person.name, link: answer.value.link });
  }

  return (
    <div className={styles.part}>
      <div className={styles.search}>
        <TextField
          label={t("operator.people.search")}
          labelHidden
          placeholder={t("operator.people.search")}
          size={40}
          value={like}
          onChange={setLike}
        />
      </div>
      <Wrong trouble={trouble} />
      <Told of={told}>
        {({ people }) =>
          people.length === 0 ? (
            <p className={styles.hint}>{t("operator.nothing", { q: sought })}</p>
          ) : (
            <>
              <ul className={styles.rows}>
                {pages
                  .flatMap((page) => page.people)
                  .map((person) => (
                    <Person key={person.id} person={person} onAct={(deed) => void act(person, deed)} />
                  ))}
              </ul>
              <More of={listed} />
            </>
          )
        }
      </Told>
      {asking && (
        <Suspending
          person={asking}
          onEnd={(sure) => {
            setAsking(null);
            if (sure) void done(api.suspend(asking.id, true));
          }}
        />
      )}
      {link && <LinkShown {...link} onEnd={() => setLink(null)} />}
    </div>
  );
}

function Person({ person, onAct }: { person: PersonShown; onAct(deed: Deed): void }) {
  const t = useT();
  const { id, name, addresses, suspended, operator, made_at: made } = person;
  const deeds: Deed[] = ["reset", operator ? "dismiss" : "appoint", suspended ? "restore" : "suspend"];
  return (
    <li className={styles.row}>
      <Avatar id={id} name={name} picture={person.picture} size={40} />
      <div className={styles.words}>
        <p className={styles.what} dir="auto">
          {name}
          {operator && <span className={styles.chip}>{t("operator.people.operator")}</span>}
          {suspended && (
            <span className={styles.chip} data-bad="">
              {t("operator.people.suspended")}
            </span>
          )}
        </p>
        <p className={styles.hint}>{addresses.join(", ")}</p>
      </div>
      <span className={styles.when}>{day(made)}</span>
      <MenuTrigger>
        <IconButton aria-label={t("operator.people.more", { name })}>
          <Ellipsis size={20} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
        <Popover placement="bottom end">
          <Menu aria-label={t("operator.people.more", { name })} onAction={(key) => onAct(key as Deed)}>
            {deeds.map((deed) => (
              <MenuItem key={deed} id={deed}>
                {t(`operator.people.${deed}`)}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </li>
  );
}

function Suspending({ person: { name }, onEnd }: { person: PersonShown; onEnd(sure: boolean): void }) {
  const t = useT();
  return (
    <Dialog title={t("operator.suspending", { name })} isOpen onOpenChange={(open) => !open && onEnd(false)}>
      <p>{t("operator.suspending.why")}</p>
      <DialogButtons>
        <Button onPress={() => onEnd(false)}>{t("operator.cancel")}</Button>
        <Button look="danger" onPress={() => onEnd(true)}>
          {t("operator.people.suspend")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function LinkShown({ name, link, onEnd }: { name: string; link: string; onEnd(): void }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  return (
    <Dialog title={t("operator.link", { name })} isOpen onOpenChange={(open) => !open && onEnd()}>
      <p>{t("operator.link.why")}</p>
      <p className={styles.secret}>{link}</p>
      <DialogButtons>
        <Button onPress={onEnd}>{t("operator.close")}</Button>
        <Button
          look="primary"
          onPress={() => void navigator.clipboard?.writeText(link).then(() => setCopied(true))}
        >
          {t(copied ? "operator.copied" : "operator.copy")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
