import { useT } from "../../i18n/react";

import { Deletion } from "./Deletion";
import { Part } from "./Part";
import styles from "./settings.module.css";

export function PrivacyTab() {
  const t = useT();
  return (
    <>
      <Part title={t("account.export.title")} hint={t("account.export.hint")}>
        <a className={styles.link} href="/api/account/export" download="folkmoot-account.json">
          {t("account.export.do")}
        </a>
      </Part>
      <Deletion />
    </>
  );
}
