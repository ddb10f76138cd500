import { useCallback, useDeferredValue, useState } from "react";

import { useT } from "../../i18n/react";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { day } from "./shown";
import { Told, useTold } from "./Told";

export function Organisations() {
  const t = useT();
  const { api } = useDesk();
  const [like, setLike] = useState("");
  const sought = useDeferredValue(like.trim());
  const told = useTold(useCallback(() => api.organisations(sought), [api, sought]));
  return (
    <div className={styles.part}>
      <div className={styles.search}>
        <TextField
          label={t("operator.orgs.search")}
          labelHidden
          placeholder={t("operator.orgs.search")}
          size={40}
          value={like}
          onChange={setLike}
        />
      </div>
      <Told of={told}>
        {(found) =>
          found.length === 0 ? (
            <p className={styles.hint}>
              {sought ? t("operator.nothing", { q: sought }) : t("operator.orgs.none")}
            </p>
          ) : (
            <ul className={styles.rows}>
              {found.map(({ id, name, people, made_at: made }) => (
                <li key={id} className={styles.row}>
                  <div className={styles.words}>
                    <p className={styles.what} dir="auto">
                      {name}
                    </p>
                    <p className={styles.hint}>{t("operator.orgs.people", { count: people })}</p>
                  </div>
                  <span className={styles.when}>{day(made)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Told>
    </div>
  );
}
