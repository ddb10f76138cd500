/** P9: who was made organiser by another's doing is asked: they keep the meeting, or give it back to who it was. */
import { useState } from "react";

import type { Handed as Asked } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { showToast } from "../../ui/Toast";

import { failed, usePorts, useTeller } from "./calendar";
import styles from "./Handed.module.css";

export interface HandedProps {
  handed: readonly Asked[];
  onDone(): void;
}

/** What somebody handed over is asked one by one; what was left behind is told of all at once. */
export function Handed({ handed, onDone }: HandedProps) {
  const left = handed.filter(({ by }) => by === "");
  const each = handed.filter(({ by }) => by !== "").map((one) => [one]);
  return [...each, ...(left.length > 0 ? [left] : [])].map((several) => (
    <Notice key={several[0]?.meeting} several={several} onDone={onDone} />
  ));
}

/** Whose it is, and the ways on. */
function Notice({ several, onDone }: { several: readonly Asked[]; onDone(): void }) {
  const t = useT();
  const { list } = useTeller();
  const { api } = usePorts();
  const [isBusy, setBusy] = useState(false);
  async function answer(keep: boolean) {
    setBusy(true);
    const answers = await Promise.all(several.map(({ meeting }) => api.answerHanded(meeting, keep)));
    setBusy(false);
    const wrong = answers.find((one) => one.kind !== "ok");
    const said = t(keep ? "meetings.handed.kept" : "meetings.handed.returned", { count: several.length, by });
    showToast({ text: wrong ? failed(t, wrong) : said });
    onDone();
  }
  const [{ title, by, back } = { title: "", by: "", back: false }] = several;
  const titles = list(several.map((one) => one.title || t("meetings.untitled")));
  return (
    <div className={styles.notice}>
      <Banner
        tone="info"
        isStacked
        title={t("meetings.handed", { count: several.length, title: title || t("meetings.untitled") })}
        actions={
          <span className={styles.ways}>
            {back && (
              <Button size={32} isDisabled={isBusy} onPress={() => void answer(false)}>
                {t("meetings.handed.return")}
              </Button>
            )}
            <Button size={32} isDisabled={isBusy} onPress={() => void answer(true)}>
              {t(back ? "meetings.handed.keep" : "meetings.handed.seen")}
            </Button>
          </span>
        }
      >
        {by === ""
          ? t("meetings.handed.left", { count: several.length, titles })
          : t("meetings.handed.by", { by })}
      </Banner>
    </div>
  );
}
