import { useCallback, useState } from "react";

import type { GroupShown, RuleShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";

import { useAsked, useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import { Answered } from "./Answered";
import styles from "./organisation.module.css";
import { said } from "./trouble";

/** What holds in meetings, and who decided it: the strictest that anybody said. */
export function RulesTab() {
  const t = useT();
  const { api } = useDesk();
  const { org, governs } = useHere();
  const [group, setGroup] = useState("");
  const [groups] = useAsked(useCallback(() => api.groups(org.id), [api, org.id]));
  const [rules, reload] = useAsked(useCallback(() => api.rules(org.id, group), [api, org.id, group]));
  const known = groups.at === "here" ? groups.value : [];
  return (
    <>
      <title>{`${t("organisation.tab.rules")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("organisation.tab.rules")}</h1>
        {known.length > 0 && (
          <label className={styles.pickOne}>
            {t("organisation.rules.of")}
            <select className={styles.act} value={group} onChange={(event) => setGroup(event.target.value)}>
              <option value="">{org.name}</option>
              {known.map(({ id, name, depth }) => (
                <option key={id} value={id}>{`${"\u2003".repeat(depth + 1)}${name}`}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p className={styles.lead}>{t("organisation.rules.text")}</p>
      <Answered asked={rules} onRetry={reload}>
        {(value) => (
          <ul className={styles.rules}>
            {value.map((rule) => (
              <RuleRow key={rule.name} rule={rule} group={group} governs={governs} onSaid={reload} />
            ))}
          </ul>
        )}
      </Answered>
    </>
  );
}

interface RuleRowProps {
  rule: RuleShown;
  group: string;
  governs: boolean;
  onSaid(): void;
}

function RuleRow({ rule, group, governs, onSaid }: RuleRowProps) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const name = t(`organisation.rule.${rule.name}`);
  const word = (value: string) => t(`organisation.rule.${rule.name}.${value}`);

  async function say(value: string) {
    if (await deed.run(() => api.sayRule(org.id, group, rule.name, value || null))) onSaid();
  }

  return (
    <li className={styles.rule}>
      <div>
        <strong>{name}</strong>
        <p className={styles.note}>
          {rule.value === null
            ? t("organisation.rules.open")
            : t("organisation.rules.decided", { value: word(rule.value), by: rule.decided_by_name ?? "" })}
        </p>
        {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
      </div>
      {governs && (
        <select
          className={styles.act}
          aria-label={name}
          value={rule.said ?? ""}
          onChange={(event) => void say(event.target.value)}
        >
          <option value="">{t("organisation.rules.nothing")}</option>
          {rule.choices.slice(1).map((value) => (
            <option key={value} value={value}>
              {word(value)}
            </option>
          ))}
        </select>
      )}
    </li>
  );
}

/** Beside the tree: what holds in the chosen one. */
export function GroupRules({ group, groups }: { group: string; groups: readonly GroupShown[] }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const [rules] = useAsked(useCallback(() => api.rules(org.id, group), [api, org.id, group]));
  const name = groups.find(({ id }) => id === group)?.name ?? org.name;
  const inForce = rules.at === "here" ? rules.value.filter(({ value }) => value !== null) : [];
  if (inForce.length === 0) return null;
  return (
    <section className={styles.inForce}>
      <h2 className={styles.label}>{t("organisation.rules.in", { name })}</h2>
      <dl>
        {inForce.map(({ name: rule, value, decided_by_name: by }) => (
          <div key={rule}>
            <dt>{t(`organisation.rule.${rule}`)}</dt>
            <dd>{t(`organisation.rule.${rule}.${value ?? ""}`)}</dd>
            <dd className={styles.by}>{t("organisation.rules.by", { by: by ?? "" })}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
