import { useT } from "../i18n/react";

import styles from "./CheckLink.module.css";

/** To `/test`: wherever something may not work. @param apart in a tab of its own: what was typed here stays */
export function CheckLink({ apart = false }: { apart?: boolean }) {
  const t = useT();
  return (
    <a className={styles.link} href="/test" {...(apart && { target: "_blank", rel: "noopener" })}>
      {t("ui.check")}
    </a>
  );
}
