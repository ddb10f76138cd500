import { useT } from "../../i18n/react";

import { Part as Later } from "../../ui/Part";

import { Deletion } from "./Deletion";
import { useDesk } from "./desk";
import { Part } from "./Part";
import styles from "./settings.module.css";

export function PrivacyTab() {
  const t = useT();
  const { shared } = useDesk();
  return (
    <>
      <Later of={shared.privacy} props={{}} />
      <Part title={t("account.export.title")} hint={t("account.export.hint")}>
        <a className={styles.link} href="/api/account/export" download="folkmoot-account.json">
          {t("account.export.do")}
        </a>
      </Part>
      <Deletion />
    </>
  );
}
