import { useCallback, useEffect, useRef, useState } from "react";

import type { Heard, Stage } from "../../core/check/loop";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Level } from "../../ui/Level";
import { announce } from "../../ui/live";
import { useRoom, useSelected, useSession } from "../../ui/room/context";

import styles from "./sound.module.css";

/** The proof: one's own voice, by the way that it takes to others. */
export function HearDialog({ onClose }: { onClose(): void }) {
  const t = useT();
  const { at, again } = useLoop();
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own }) => own.microphone);
  const device = useSelected(media.state, ({ own }) => own.microphoneLabel);
  const isUnderWay = at === "connecting" || at === "speak" || at === "plays";
  const track = media.own.microphone;
  return (
    <Dialog title={t("sound.hear")} isOpen onOpenChange={(open) => open || onClose()}>
      <div className={styles.hear}>
        <p className={styles.now}>
          {t(`sound.hear.${at}`)}
          {at === "speak" && isOn && track && <Level key={track.id} track={track} />}
        </p>
        <p className={styles.hint}>
          {t(`sound.hear.${at}.hint`, {
            device: device || t("sound.hear.microphone"),
            heard: isOn ? "others" : "nobody",
          })}
        </p>
      </div>
      <DialogButtons>
        <Button isPending={isUnderWay} onPress={again}>
          {t("sound.hear.again")}
        </Button>
        <Button look="primary" onPress={onClose}>
          {t("ui.close")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function useLoop(): { at: Stage | Heard; again(): void } {
  const t = useT();
  const { hearYourself } = useRoom();
  const [at, setAt] = useState<Stage | Heard>("connecting");
  const running = useRef<AbortController>(null);
  const again = useCallback(() => {
    const { signal } = (running.current = new AbortController());
    const tell = (now: Stage | Heard): void => {
      if (!signal.aborted) setAt(now);
    };
    void hearYourself(tell, signal).then(tell, () => tell("unreachable"));
  }, [hearYourself]);
  useEffect(() => {
    again();
    return () => running.current?.abort();
  }, [again]);
  useEffect(() => {
    if (at !== "connecting") announce(t(`sound.hear.${at}`), "assertive");
  }, [at, t]);
  return { at, again };
}
