import { type FormEvent, useState } from "react";

import type { GroupShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { said } from "./trouble";

export interface GroupTreeProps {
  groups: readonly GroupShown[];
  /** Empty: the organisation itself. */
  chosen: string;
  onChoose(group: string): void;
  onChanged(): void;
}

/** Departments; the chosen one is renamed, moved, cut, or gets another below it. */
export function GroupTree({ groups, chosen, onChoose, onChanged }: GroupTreeProps) {
  const t = useT();
  const { org, governs } = useHere();
  return (
    <section className={styles.departments}>
      <h2 className={styles.label}>{t("organisation.departments")}</h2>
      <ul className={styles.tree}>
        <Branch id="" name={org.name} depth={0} people={org.people} chosen={chosen} onChoose={onChoose} />
        {groups.map(({ id, name, depth, people }) => (
          <Branch key={id} {...{ id, name, people, chosen, onChoose }} depth={depth + 1} />
        ))}
      </ul>
      {groups.length === 0 && <p className={styles.note}>{t("organisation.noGroups")}</p>}
      {governs && <Gardening key={chosen} {...{ groups, chosen, onChoose, onChanged }} />}
    </section>
  );
}

interface BranchProps {
  id: string;
  name: string;
  depth: number;
  people: number;
  chosen: string;
  onChoose(group: string): void;
}

function Branch({ id, name, depth, people, chosen, onChoose }: BranchProps) {
  return (
    <li>
      <button
        type="button"
        className={styles.branch}
        aria-pressed={chosen === id}
        style={{ paddingInlineStart: 12 + 20 * Math.min(depth, 6) }}
        onClick={() => onChoose(id)}
      >
        <bdi>{name}</bdi>
        <span>{people}</span>
      </button>
    </li>
  );
}

function Gardening({ groups, chosen, onChoose, onChanged }: GroupTreeProps) {
  const t = useT();
  const [doing, setDoing] = useState<"add" | "change" | null>(null);
  const group = groups.find(({ id }) => id === chosen);
  const end = () => {
    setDoing(null);
    onChanged();
  };
  if (doing === "add") return <Adding parent={chosen} onEnd={end} />;
  if (doing === "change" && group)
    return <Changing group={group} groups={groups} onEnd={end} onRemoved={() => (onChoose(""), end())} />;
  return (
    <div className={styles.row}>
      <Button look="plain" size={32} onPress={() => setDoing("add")}>
        {t("organisation.group.add")}
      </Button>
      {group && (
        <Button look="plain" size={32} onPress={() => setDoing("change")}>
          {t("organisation.group.change")}
        </Button>
      )}
    </div>
  );
}

function Adding({ parent, onEnd }: { parent: string; onEnd(): void }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const [name, setName] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.makeGroup(org.id, name, parent || null))) onEnd();
  }

  return (
    <form className={styles.small} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("organisation.group.name")}
        size={40}
        value={name}
        onChange={setName}
        error={said(t, deed.trouble)}
      />
      <div className={styles.row}>
        <Button type="submit" size={32} isDisabled={deed.busy || !name.trim()}>
          {t("organisation.group.make")}
        </Button>
        <Button look="plain" size={32} onPress={onEnd}>
          {t("organisation.cancel")}
        </Button>
      </div>
    </form>
  );
}

interface ChangingProps {
  group: GroupShown;
  groups: readonly GroupShown[];
  onEnd(): void;
  onRemoved(): void;
}

function Changing({ group, groups, onEnd, onRemoved }: ChangingProps) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const [name, setName] = useState(group.name);
  const [parent, setParent] = useState(group.parent ?? "");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.changeGroup(org.id, group.id, name, parent || null))) onEnd();
  }

  return (
    <form className={styles.small} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("organisation.group.name")}
        size={40}
        value={name}
        onChange={setName}
        error={said(t, deed.trouble)}
      />
      <label className={styles.pickOne}>
        {t("organisation.group.under")}
        <select className={styles.act} value={parent} onChange={(event) => setParent(event.target.value)}>
          <option value="">{org.name}</option>
          {groups
            .filter(({ id }) => id !== group.id)
            .map(({ id, name: called, depth }) => (
              <option key={id} value={id}>{`${"\u2003".repeat(depth + 1)}${called}`}</option>
            ))}
        </select>
      </label>
      <div className={styles.row}>
        <Button type="submit" size={32} isDisabled={deed.busy || !name.trim()}>
          {t("organisation.group.save")}
        </Button>
        <Button look="plain" size={32} onPress={onEnd}>
          {t("organisation.cancel")}
        </Button>
        <Button
          look="plain"
          size={32}
          onPress={() =>
            void deed.run(() => api.removeGroup(org.id, group.id)).then((done) => done && onRemoved())
          }
        >
          <span className={styles.danger}>{t("organisation.group.remove")}</span>
        </Button>
      </div>
      <p className={styles.note}>{t("organisation.group.stays")}</p>
    </form>
  );
}
