/** `/privacy`: for everybody, with an account or without. */
import { PrivacyWords } from "../features/privacy/privacy";
import { useT } from "../i18n/react";

import { PageFrame } from "./PageFrame";
import styles from "./PrivacyPage.module.css";

export function PrivacyRoute() {
  const t = useT();
  return (
    <PageFrame title={t("privacy.title")}>
      <section className={styles.page}>
        <h1 className={styles.headline}>{t("privacy.title")}</h1>
        <p>{t("privacy.about")}</p>
        <PrivacyWords />
      </section>
    </PageFrame>
  );
}
