import { useT } from "../../i18n/react";

import styles from "./chat.module.css";
import { MOST_CHARACTERS } from "./outbox";

export function TooLong() {
  const t = useT();
  return (
    <p className={styles.long} role="alert">
      {t("chat.too_long", { max: MOST_CHARACTERS })}
    </p>
  );
}
