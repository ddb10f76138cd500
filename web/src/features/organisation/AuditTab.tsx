import { useCallback, useState } from "react";

import type { AuditEntry, AuditProof } from "../../core/api/orgs-client";
import { type Translate, useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { ShieldCheck, TriangleAlert } from "../../ui/icons";

import { useAsked, useDeed } from "../../ui/asking";
import { momentInWords } from "./days";
import { useDesk, useHere } from "./desk";
import { Answered } from "./Answered";
import styles from "./organisation.module.css";
import { said } from "./trouble";

/** What was done, the newest first; and that nothing of it was changed. */
export function AuditTab() {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const [page, reload] = useAsked(useCallback(() => api.audit(org.id, null), [api, org.id]));
  return (
    <>
      <title>{`${t("organisation.tab.audit")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("organisation.tab.audit")}</h1>
        <Proof />
      </div>
      <p className={styles.lead}>{t("organisation.audit.text")}</p>
      <Answered asked={page} onRetry={reload}>
        {(value) => <Entries first={value.entries} more={value.next} />}
      </Answered>
    </>
  );
}

function Proof() {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const [proof, setProof] = useState<AuditProof | null>(null);
  if (proof?.whole)
    return (
      <p className={styles.proven} role="status">
        <ShieldCheck size={20} strokeWidth={1.75} aria-hidden="true" />
        {t("organisation.audit.whole", { count: proof.entries })}
      </p>
    );
  if (proof)
    return (
      <p className={styles.broken} role="alert">
        <TriangleAlert size={20} strokeWidth={1.75} aria-hidden="true" />
        {t("organisation.audit.broken", { seq: proof.seq ?? 0 })}
      </p>
    );
  return (
    <>
      {deed.trouble && <span className={styles.error}>{said(t, deed.trouble)}</span>}
      <Button
        isDisabled={deed.busy}
        onPress={() => void deed.run(() => api.proof(org.id)).then((done) => done && setProof(done.value))}
      >
        {t("organisation.audit.prove")}
      </Button>
    </>
  );
}

function Entries({ first, more }: { first: readonly AuditEntry[]; more: number | null }) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const { org } = useHere();
  const [entries, setEntries] = useState(first);
  const [next, setNext] = useState(more);

  async function fetchMore() {
    const answer = await api.audit(org.id, next);
    if (answer.kind !== "ok") return;
    setEntries((before) => [...before, ...answer.value.entries]);
    setNext(answer.value.next);
  }

  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t("organisation.audit.when")}</th>
            <th>{t("organisation.audit.who")}</th>
            <th>{t("organisation.audit.what")}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.seq}>
              <td className={styles.moment}>{momentInWords(entry.at, locale)}</td>
              <td>
                <bdi>{entry.actor || t("organisation.audit.itself")}</bdi>
              </td>
              <td>
                <Deed words={deedInWords(t, entry.what)} subject={entry.subject} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {next !== null && (
        <Button look="plain" onPress={() => void fetchMore()}>
          {t("organisation.more")}
        </Button>
      )}
    </>
  );
}

/** Some end with a colon, where something follows; a wide one brings its own space. */
function Deed({ words, subject }: { words: string; subject: string }) {
  if (subject === "") return words.replace(/[:：]$/, "");
  return (
    <>
      {words}
      {!words.endsWith("：") && " "}
      <bdi>{subject}</bdi>
    </>
  );
}

/** What this page is too old to know is named as it is written in the log. */
function deedInWords(t: Translate, what: string): string {
  const id = `organisation.did.${what.replaceAll(".", "_")}`;
  const words = t(id);
  return words === id ? what : words;
}
