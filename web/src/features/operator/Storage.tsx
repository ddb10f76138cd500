import { size } from "../../core/sizes";
import { useT } from "../../i18n/react";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { moment } from "./shown";
import { Told, useTold } from "./Told";

export function Storage() {
  const t = useT();
  const { api } = useDesk();
  const told = useTold(api.storage);
  return (
    <Told of={told}>
      {({ files, free_bytes: free, given_up: givenUp }) => (
        <>
          <section className={styles.part}>
            <h2>{t("operator.storage.files")}</h2>
            <p className={styles.hint}>
              {free === null
                ? t("operator.storage.elsewhere")
                : t("operator.storage.free", { free: size(Math.max(0, free)) })}
            </p>
            {files.length === 0 && <p>{t("operator.storage.none")}</p>}
            <ul className={styles.rows}>
              {files.map(({ kind, count, bytes }) => (
                <li key={kind} className={styles.row}>
                  <span className={styles.words}>{kind}</span>
                  <span className={styles.when}>{t("operator.storage.count", { count })}</span>
                  <span className={styles.when}>{size(bytes)}</span>
                </li>
              ))}
            </ul>
          </section>
          <section className={styles.part}>
            <h2>{t("operator.storage.givenUp")}</h2>
            <p className={styles.hint}>{t("operator.storage.givenUp.why")}</p>
            {givenUp.length === 0 && <p>{t("operator.storage.givenUp.none")}</p>}
            <ul className={styles.rows}>
              {givenUp.map(({ kind, why, since, tries }) => (
                <li key={`${kind} ${since}`} className={styles.row}>
                  <div className={styles.words}>
                    <p className={styles.what}>{kind}</p>
                    <p className={styles.hint}>{why}</p>
                  </div>
                  <span className={styles.when}>
                    {t("operator.storage.tries", { count: tries, time: moment(since) })}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Told>
  );
}
