import { useState } from "react";

import type { Imported } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import { useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { useProving } from "./Proving";
import { said, wordsOf } from "./trouble";

/** A table is looked at first: what it would do, and which lines can't be. Then the good lines are taken in. */
export function ImportDialog({ onClose, onChanged }: { onClose(): void; onChanged(): void }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const { proving, guarded } = useProving();
  const [table, setTable] = useState<Blob | null>(null);
  const [seen, setSeen] = useState<Imported | null>(null);
  const [taken, setTaken] = useState(false);

  async function look(file: File | undefined) {
    setSeen(null);
    setTaken(false);
    if (!file) return;
    const csv = new Blob([file], { type: "text/csv" });
    setTable(csv);
    const found = await deed.run(() => api.takeIn(org.id, csv, true));
    if (found) setSeen(found.value);
  }

  async function take() {
    if (!table) return;
    const done = await deed.run(() => guarded(() => api.takeIn(org.id, table, false)));
    if (!done) return;
    setSeen(done.value);
    setTaken(true);
    onChanged();
  }

  const good = seen ? seen.invited + seen.changed : 0;
  return (
    <Dialog
      title={t("organisation.import.title")}
      isOpen
      isWide
      hasCross
      onOpenChange={(open) => !open && onClose()}
    >
      {proving}
      <div className={styles.form}>
        <p>{t("organisation.import.text", { mails: org.mails ? "yes" : "no" })}</p>
        <pre className={styles.sample}>{t("organisation.import.sample")}</pre>
        <label className={styles.pickOne}>
          {t("organisation.import.file")}
          <input
            className={styles.file}
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => void look(event.target.files?.[0])}
          />
        </label>
        {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
        {seen && <Looked seen={seen} taken={taken} />}
        <DialogButtons>
          <a className={styles.download} href={api.exported(org.id)} download>
            {t("organisation.export")}
          </a>
          {taken ? (
            <Button look="primary" onPress={onClose}>
              {t("organisation.done")}
            </Button>
          ) : (
            <Button look="primary" isDisabled={deed.busy || good === 0} onPress={() => void take()}>
              {t("organisation.import.take", { count: good })}
            </Button>
          )}
        </DialogButtons>
      </div>
    </Dialog>
  );
}

function Looked({ seen, taken }: { seen: Imported; taken: boolean }) {
  const t = useT();
  const { invited, changed, faults, more_faults: more } = seen;
  return (
    <div role="status">
      <p>{t(taken ? "organisation.import.did" : "organisation.import.would", { invited, changed })}</p>
      {faults.length > 0 && (
        <>
          <p className={styles.error}>{t("organisation.import.faults", { count: faults.length + more })}</p>
          <table className={styles.faults}>
            <thead>
              <tr>
                <th>{t("organisation.import.line")}</th>
                <th>{t("organisation.import.column")}</th>
                <th>{t("organisation.import.why")}</th>
              </tr>
            </thead>
            <tbody>
              {faults.map(({ line, column, problem }) => (
                <tr key={line}>
                  <td>{line}</td>
                  <td>{t(`organisation.import.column.${column}`)}</td>
                  <td>{wordsOf(t, { code: problem.code, params: problem.params })}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {more > 0 && <p className={styles.note}>{t("organisation.import.more", { count: more })}</p>}
        </>
      )}
    </div>
  );
}
