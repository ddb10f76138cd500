import { type Facts, suited } from "../../core/check/facts";
import { useT } from "../../i18n/react";
import { AppWindow } from "../../ui/icons";

import { Card } from "./Card";
import styles from "./check.module.css";

/** What this browser can do is known without trying. */
export function BrowserPart({ facts }: { facts: Facts }) {
  const t = useT();
  const verdict = suited(facts);
  const { browser, system } = facts;
  return (
    <Card
      icon={AppWindow}
      title={t("check.browser")}
      finding={{
        tone: verdict === "fit" ? "good" : "bad",
        title: t(`check.browser.${verdict}`),
        text: verdict === "fit" ? undefined : t(`check.browser.${verdict}.text`),
      }}
    >
      <ul className={styles.facts}>
        <li>{system === "other" ? browser : t("check.browser.name", { browser, system })}</li>
        <li>{t("check.browser.share", { can: facts.canShareScreen ? "yes" : "no" })}</li>
        <li>{t("check.browser.speaker", { can: facts.canChooseSpeaker ? "yes" : "no" })}</li>
      </ul>
    </Card>
  );
}
