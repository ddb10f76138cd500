import { useT } from "../../../i18n/react";

import { AT, useSelling } from "./desk";
import styles from "./selling.module.css";

export function BackToAll() {
  const t = useT();
  const { go } = useSelling();
  return (
    <p className={styles.back}>
      <a
        href={AT}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          go(AT);
        }}
      >
        {t("billing.selling.back")}
      </a>
    </p>
  );
}
