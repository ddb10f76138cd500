import { useT } from "../../../i18n/react";
import { PageLink } from "../../../ui/PageLink";

import { AT, useSelling } from "./desk";
import styles from "./selling.module.css";

export function BackToAll() {
  const t = useT();
  const { go } = useSelling();
  return (
    <p className={styles.back}>
      <PageLink to={AT} go={go}>
        {t("billing.selling.back")}
      </PageLink>
    </p>
  );
}
