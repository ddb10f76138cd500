import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { usePeople, useSession, useSheet } from "../../ui/room/context";

import styles from "./Settings.module.css";
import { useChangeViewing, useViewing } from "./viewing";

const MOST = 200;
const STEP = 10;

/** How loud one person is, for me alone. */
export function VolumeDialog() {
  const { isOpen, setOpen } = useSheet("volume");
  const { louder } = useViewing();
  const change = useChangeViewing();
  const person = usePeople().find(({ id }) => id === louder);
  if (!isOpen || !person) return null;
  const close = (): void => {
    setOpen(false);
    change({ louder: null });
  };
  return <Volume key={person.id} id={person.id} name={person.name} onClose={close} />;
}

function Volume({ id, name, onClose }: { id: string; name: string; onClose(): void }) {
  const t = useT();
  const { media } = useSession();
  const [percent, setPercent] = useState(() => Math.round(media.volumeOf(id) * 100));
  const turn = (to: number): void => {
    setPercent(to);
    media.setVolume(id, to / 100);
  };
  return (
    <Dialog title={t("call.volume", { name })} isOpen onOpenChange={(open) => open || onClose()}>
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
    </Dialog>
  );
}
