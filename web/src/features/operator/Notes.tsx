import { useT } from "../../i18n/react";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { moment } from "./shown";
import { Told, useTold } from "./Told";

const said = new Set([
  "account_suspended",
  "account_restored",
  "account_reset",
  "operator_appointed",
  "operator_dismissed",
  "server_chosen",
  "announcement_made",
  "announcement_removed",
]);

/** Ids and no names: what names somebody can be erased, an audit can't. */
export function Notes() {
  const t = useT();
  const { api } = useDesk();
  const told = useTold(api.notes);
  const did = (what: string) => {
    const word = what.replace(".", "_");
    return said.has(word) ? t(`operator.did.${word}`) : what;
  };
  return (
    <section className={styles.part}>
      <p className={styles.hint}>{t("operator.notes.why")}</p>
      <Told of={told}>
        {(notes) =>
          notes.length === 0 ? (
            <p>{t("operator.notes.none")}</p>
          ) : (
            <ul className={styles.rows}>
              {notes.map(({ seq, at, actor, what, subject }) => (
                <li key={seq} className={styles.row}>
                  <div className={styles.words}>
                    <p className={styles.what}>{did(what)}</p>
                    <p className={styles.hint}>
                      {t("operator.notes.who", { actor, subject: subject || "–" })}
                    </p>
                  </div>
                  <span className={styles.when}>{moment(at)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Told>
    </section>
  );
}
