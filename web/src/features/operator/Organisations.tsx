import { useCallback, useDeferredValue, useState } from "react";

import type { OrganisationShown } from "../../core/api/operator-client";
import { useT } from "../../i18n/react";
import { PageLink } from "../../ui/PageLink";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { More, usePages } from "./Pages";
import { day } from "./shown";
import { Told } from "./Told";

export function Organisations() {
  const t = useT();
  const { api } = useDesk();
  const [like, setLike] = useState("");
  const sought = useDeferredValue(like.trim());
  const listed = usePages(
    useCallback((after: string | null) => api.organisations(sought, after), [api, sought]),
  );
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
      <Told of={listed.told}>
        {({ organisations }) =>
          organisations.length === 0 ? (
            <p className={styles.hint}>
              {sought ? t("operator.nothing", { q: sought }) : t("operator.orgs.none")}
            </p>
          ) : (
            <>
              <ul className={styles.rows}>
                {listed.pages
                  .flatMap((page) => page.organisations)
                  .map((one) => (
                    <Organisation key={one.id} of={one} />
                  ))}
              </ul>
              <More of={listed} />
            </>
          )
        }
      </Told>
    </div>
  );
}

function Organisation({ of: { id, name, people, made_at: made, hosts } }: { of: OrganisationShown }) {
  const t = useT();
  const { go } = useDesk();
  const at = `/operator/plans/${id}`;
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.what} dir="auto">
          <PageLink className={styles.link} to={at} go={go}>
            {name}
          </PageLink>
        </p>
        <p className={styles.hint}>{t("operator.orgs.people", { count: people })}</p>
        {hosts.map(({ host, state }) => (
          <p key={host} className={styles.hint}>
            {t(`operator.orgs.host.${state}`, { host })}
          </p>
        ))}
      </div>
      <span className={styles.when}>{day(made)}</span>
    </li>
  );
}
