import { useCallback, useEffect, useRef, useState } from "react";

import type { Hear, HearDialogProps } from "../../core/check/hear";
import type { Heard, Stage } from "../../core/check/loop";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Level } from "../../ui/Level";
import { announce } from "../../ui/live";

import styles from "./hear.module.css";

const UNDER_WAY = new Set<string>(["connecting", "speak", "speak-here", "plays"]);

/** The proof: one's own voice, by the way that it takes to others. */
export function HearDialog({ hear, heardBy, device, track, onClose }: HearDialogProps) {
  const t = useT();
  const { at, again } = useLoop(hear);
  const isSpeaking = at === "speak" || at === "speak-here";
  return (
    <Dialog title={t("hear.title")} isOpen onOpenChange={(open) => open || onClose()}>
      <div className={styles.hear}>
        <p className={styles.now}>
          {t(`hear.${at}`)}
          {isSpeaking && track && <Level key={track.id} track={track} />}
        </p>
        <p className={styles.hint}>
          {t(`hear.${at}.hint`, { device: device || t("hear.microphone"), heard: heardBy })}
        </p>
      </div>
      <DialogButtons>
        <Button isPending={UNDER_WAY.has(at)} onPress={again}>
          {t("hear.again")}
        </Button>
        <Button look="primary" onPress={onClose}>
          {t("ui.close")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function useLoop(hear: Hear): { at: Stage | Heard; again(): void } {
  const t = useT();
  const [at, setAt] = useState<Stage | Heard>("connecting");
  const running = useRef<AbortController>(null);
  const again = useCallback(() => {
    const { signal } = (running.current = new AbortController());
    const tell = (now: Stage | Heard): void => {
      if (!signal.aborted) setAt(now);
    };
    void hear(tell, signal).then(tell, () => tell("unreachable"));
  }, [hear]);
  useEffect(() => {
    again();
    return () => running.current?.abort();
  }, [again]);
  useEffect(() => {
    if (at !== "connecting") announce(t(`hear.${at}`), "assertive");
  }, [at, t]);
  return { at, again };
}
