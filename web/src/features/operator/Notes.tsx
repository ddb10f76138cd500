import { useCallback } from "react";

import type { NoteShown } from "../../core/api/operator-client";
import { useT } from "../../i18n/react";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { More, usePages } from "./Pages";
import { moment } from "./shown";
import { Told } from "./Told";

const said = new Set([
  "account_created",
  "key_made",
  "account_suspended",
  "account_restored",
  "account_reset",
  "operator_appointed",
  "operator_dismissed",
  "server_chosen",
  "server_restored",
  "announcement_made",
  "announcement_removed",
  "billing_plan",
  "billing_tax_rate",
]);

const SHELL = "the shell";

/** The entries are ids: what names somebody can be erased, an audit can't. Shown are the names that hold now. */
export function Notes() {
  const t = useT();
  const { api } = useDesk();
  const listed = usePages(useCallback((before: number | null) => api.notes(before), [api]));
  return (
    <section className={styles.part}>
      <p className={styles.hint}>{t("operator.notes.why")}</p>
      <Told of={listed.told}>
        {({ notes }) =>
          notes.length === 0 ? (
            <p>{t("operator.notes.none")}</p>
          ) : (
            <>
              <ul className={styles.rows}>
                {listed.pages
                  .flatMap((page) => page.notes)
                  .map((note) => (
                    <Note key={note.seq} of={note} />
                  ))}
              </ul>
              <More of={listed} />
            </>
          )
        }
      </Told>
    </section>
  );
}

function Note({ of: note }: { of: NoteShown }) {
  const t = useT();
  const word = note.what.replace(".", "_");
  const actor = note.actor === SHELL ? t("operator.notes.shell") : note.actor_name || note.actor;
  const subject = note.subject_name || note.subject;
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.what}>{said.has(word) ? t(`operator.did.${word}`) : note.what}</p>
        <p className={styles.hint} dir="auto">
          {subject ? t("operator.notes.who", { actor, subject }) : t("operator.notes.by", { actor })}
        </p>
      </div>
      <span className={styles.when}>{moment(note.at)}</span>
    </li>
  );
}
