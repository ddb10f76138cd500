/** A calendar from elsewhere becomes meetings of one's own; what of it can't is said, one by one. */
import { useRef, useState } from "react";

import type { Taken } from "../../core/api/calendar-client";
import type { Answer } from "../../core/api/types";
import { type Translate, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import { failed, usePorts } from "./calendar";
import styles from "./Own.module.css";

/** As much as the server takes: no more is sent only to be refused. */
const LARGEST = 256 * 1024;

type Outcome = { taken: Taken } | { failure: string };

export function Import() {
  const t = useT();
  const { api, board } = usePorts();
  const file = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);

  async function take(chosen: File | undefined) {
    if (!chosen) return;
    if (chosen.size > LARGEST) return setOutcome({ failure: t("meetings.import.large") });
    setBusy(true);
    const answer = await api.takeIn(new Blob([chosen], { type: "text/calendar" }));
    setBusy(false);
    setOutcome(read(t, answer));
    if (answer.kind === "ok") void board.refresh();
  }

  return (
    <>
      <input
        ref={file}
        type="file"
        accept=".ics,text/calendar"
        hidden
        data-testid="calendar-file"
        onChange={({ target }) => {
          void take(target.files?.[0]);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
      <Button size={32} isPending={isBusy} onPress={() => file.current?.click()}>
        {t("meetings.import.choose")}
      </Button>
      <Dialog
        title={t("meetings.import")}
        hasCross
        isOpen={outcome !== null}
        onOpenChange={(open) => !open && setOutcome(null)}
      >
        {outcome && ("taken" in outcome ? <Done taken={outcome.taken} /> : <p>{outcome.failure}</p>)}
        <DialogButtons>
          <Button look="primary" onPress={() => setOutcome(null)}>
            {t("meetings.import.close")}
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}

function read(t: Translate, answer: Answer<Taken>): Outcome {
  if (answer.kind === "ok") return { taken: answer.value };
  const isFile = answer.kind === "refused" && answer.refusal.code === "calendar.import";
  return { failure: isFile ? t("meetings.import.unreadable") : failed(t, answer) };
}

/** Why one of them isn't taken in; what has no sentence of its own is said in general. */
const whys = {
  "calendar.over": "over",
  "calendar.rule": "rule",
  "calendar.time": "time",
  "calendar.too_many": "many",
  "title.invalid": "title",
} as const;

function Done({ taken: { made, left } }: { taken: Taken }) {
  const t = useT();
  return (
    <>
      <p>{t("meetings.import.made", { count: made.length })}</p>
      {left.length > 0 && (
        <>
          <p>{t("meetings.import.left", { count: left.length })}</p>
          <ul className={styles.left}>
            {left.map(({ title, why }, place) => (
              // Two may be called the same, and nothing of the list moves.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={place}>
                <bdi>{title || t("meetings.untitled")}</bdi>
                <small>{t(`meetings.import.why.${whys[why as keyof typeof whys] ?? "other"}`)}</small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
