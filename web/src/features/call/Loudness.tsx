import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { DialogButtons } from "../../ui/Dialog";
import { useSession } from "../../ui/room/context";

import styles from "./Settings.module.css";

const MOST = 200;
const STEP = 10;

/** What is set in the dialog of somebody's volume. */
export function Loudness({ id, onClose }: { id: string; onClose(): void }) {
  const t = useT();
  const { media } = useSession();
  const [percent, setPercent] = useState(() => Math.round(media.volumeOf(id) * 100));
  const turn = (to: number): void => {
    setPercent(to);
    media.setVolume(id, to / 100);
  };
  return (
    <>
      <label className={styles.volume}>
        <span>{t("call.volume.percent", { percent })}</span>
        <input
          type="range"
          min={0}
          max={MOST}
          step={STEP}
          value={percent}
          aria-valuetext={t("call.volume.percent", { percent })}
          onChange={({ target }) => turn(Number(target.value))}
        />
      </label>
      <p className={styles.hint}>{t("call.volume.hint")}</p>
      <DialogButtons>
        <Button onPress={() => turn(100)}>{t("call.volume.usual")}</Button>
        <Button look="primary" onPress={onClose}>
          {t("ui.close")}
        </Button>
      </DialogButtons>
    </>
  );
}
