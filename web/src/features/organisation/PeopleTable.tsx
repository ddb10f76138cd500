import { useState } from "react";

import type { GroupShown, PersonShown, Role } from "../../core/api/orgs-client";
import { dayInWords } from "./days";
import { useLocale, useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";

import { useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { useProving } from "./Proving";
import { said } from "./trouble";

export interface PeopleTableProps {
  people: readonly PersonShown[];
  groups: readonly GroupShown[];
  /** The chosen one; empty: all. */
  group: string;
  onMore: (() => void) | undefined;
  onChanged(): void;
}

export function PeopleTable({ people, groups, group, onMore, onChanged }: PeopleTableProps) {
  const t = useT();
  const { governs } = useHere();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const names = new Map(groups.map(({ id, name }) => [id, name]));
  const all = people.length > 0 && people.every(({ id }) => chosen.has(id));
  return (
    <div className={styles.right}>
      <table className={styles.table}>
        <caption className="visually-hidden">{t("organisation.tab.people")}</caption>
        <thead>
          <tr>
            {governs && (
              <th className={styles.pick} aria-label={t("organisation.chooseAll")}>
                <Checkbox
                  isSelected={all}
                  isIndeterminate={!all && chosen.size > 0}
                  onChange={(on) => setChosen(new Set(on ? people.map(({ id }) => id) : []))}
                >
                  <span className="visually-hidden">{t("organisation.chooseAll")}</span>
                </Checkbox>
              </th>
            )}
            <th>{t("organisation.column.name")}</th>
            <th className={styles.wide}>{t("organisation.column.groups")}</th>
            <th>{t("organisation.column.role")}</th>
            {governs && <th className={styles.wide}>{t("organisation.column.with")}</th>}
            {governs && <th className={styles.wide}>{t("organisation.column.seen")}</th>}
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <Row
              key={person.id}
              person={person}
              groups={person.groups.map((id) => names.get(id) ?? "").filter(Boolean)}
              chosen={chosen.has(person.id)}
              onChoose={(on) => setChosen((before) => withOne(before, person.id, on))}
            />
          ))}
        </tbody>
      </table>
      {onMore && (
        <Button look="plain" onPress={onMore}>
          {t("organisation.more")}
        </Button>
      )}
      {governs && (
        <Foot
          chosen={people.filter(({ id }) => chosen.has(id))}
          groups={groups}
          group={group}
          onDone={() => {
            setChosen(new Set());
            onChanged();
          }}
        />
      )}
    </div>
  );
}

interface RowProps {
  person: PersonShown;
  groups: readonly string[];
  chosen: boolean;
  onChoose(on: boolean): void;
}

function Row({ person, groups, chosen, onChoose }: RowProps) {
  const t = useT();
  const locale = useLocale();
  const { governs } = useHere();
  const { id, name, address, role, state } = person;
  return (
    <tr>
      {governs && (
        <td className={styles.pick} aria-label={t("organisation.choose", { name })}>
          <Checkbox isSelected={chosen} onChange={onChoose}>
            <span className="visually-hidden">{t("organisation.choose", { name })}</span>
          </Checkbox>
        </td>
      )}
      <td>
        <span className={styles.who}>
          <Avatar id={person.account ?? id} name={name} picture={person.picture} size={28} />
          <span className={styles.naming}>
            <bdi className={styles.strong}>{name}</bdi> <bdi className={styles.address}>{address}</bdi>
          </span>
        </span>
      </td>
      <td className={styles.wide}>{groups.join(t("organisation.between"))}</td>
      <td data-strong={role !== "member" || undefined}>
        {state === "member" ? t(`organisation.role.${role}`) : t(`organisation.state.${state}`)}
      </td>
      {governs && (
        <td className={styles.wide}>
          {person.signs_in_with.map((way) => t(`organisation.with.${way}`)).join(" + ")}
        </td>
      )}
      {governs && (
        <td className={styles.wide}>
          {person.seen_on === null ? t("organisation.never") : dayInWords(person.seen_on, locale)}
        </td>
      )}
    </tr>
  );
}

interface FootProps {
  chosen: readonly PersonShown[];
  groups: readonly GroupShown[];
  group: string;
  onDone(): void;
}

/** What was chosen acts here, Remove last. */
function Foot({ chosen, groups, group, onDone }: FootProps) {
  const t = useT();
  const { api } = useDesk();
  const { org, owns } = useHere();
  const deed = useDeed();
  const { proving, guarded } = useProving();
  const [sure, setSure] = useState(false);
  const people = chosen.map(({ id }) => id);

  async function change(wanted: { role?: Role; into?: string; out_of?: string; remove?: boolean }) {
    setSure(false);
    if (await deed.run(() => guarded(() => api.changePeople(org.id, { people, ...wanted })))) onDone();
  }

  return (
    <div className={styles.foot}>
      {proving}
      {people.length > 0 && (
        <>
          <strong>{t("organisation.chosen", { count: people.length })}</strong>
          <Choice
            label={t("organisation.intoGroup")}
            choices={groups.map(({ id, name, depth }) => ({ id, word: `${"\u2003".repeat(depth)}${name}` }))}
            onChoose={(into) => void change({ into })}
          />
          {group !== "" && (
            <Button look="plain" size={32} onPress={() => void change({ out_of: group })}>
              {t("organisation.outOfGroup")}
            </Button>
          )}
          <Choice
            label={t("organisation.changeRole")}
            choices={(owns ? roles : roles.slice(1)).map((id) => ({
              id,
              word: t(`organisation.role.${id}`),
            }))}
            onChoose={(role) => void change({ role: role as Role })}
          />
          {sure ? (
            <Button look="danger" size={32} onPress={() => void change({ remove: true })}>
              {t("organisation.removeNow", { count: people.length })}
            </Button>
          ) : (
            <Button look="plain" size={32} onPress={() => setSure(true)}>
              <span className={styles.danger}>{t("organisation.remove")}</span>
            </Button>
          )}
        </>
      )}
      {deed.trouble && <span className={styles.error}>{said(t, deed.trouble)}</span>}
      {org.owners === 1 && <span className={styles.note}>{t("organisation.oneOwner")}</span>}
    </div>
  );
}

/** The first is an owner's to give. */
const roles: readonly Role[] = ["owner", "admin", "member"];

interface ChoiceProps {
  label: string;
  choices: readonly { id: string; word: string }[];
  onChoose(id: string): void;
}

/** The browser's own: its first row says what it does. */
function Choice({ label, choices, onChoose }: ChoiceProps) {
  if (choices.length === 0) return null;
  return (
    <select
      className={styles.act}
      aria-label={label}
      value=""
      onChange={(event) => event.target.value && onChoose(event.target.value)}
    >
      <option value="">{label}</option>
      {choices.map(({ id, word }) => (
        <option key={id} value={id}>
          {word}
        </option>
      ))}
    </select>
  );
}

function withOne(before: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(before);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
