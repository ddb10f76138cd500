import { useEffect, useRef } from "react";

import { follow, type Seen, type Told } from "../../core/devices/follow";
import { canChooseSpeaker } from "../../core/devices/speaker";
import { useT } from "../../i18n/react";
import { useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

/** The sound comes out of a headset that is plugged in, and of the system's own when one is pulled. Draws nothing. */
export function SpeakerFollows() {
  const t = useT();
  const { own } = useSession().media;
  const say = useRef(t);
  useEffect(() => {
    say.current = t;
  });
  useEffect(() => {
    const { mediaDevices } = navigator;
    if (!mediaDevices || !canChooseSpeaker()) return undefined;
    let missed: string | null = null;
    let before: readonly Seen[] | undefined;
    const look = async (): Promise<void> => {
      const now = await mediaDevices.enumerateDevices().catch(() => undefined);
      const { speakerId: chosen } = own.state.get();
      if (now && before) {
        const [next, told] = follow({ chosen, missed }, before, now);
        missed = next.missed;
        if (told) tell(say.current, told);
        if (next.chosen !== null && next.chosen !== chosen) own.chooseSpeaker(next.chosen);
      }
      before = now ?? before;
    };
    const changed = () => void look();
    changed();
    mediaDevices.addEventListener("devicechange", changed);
    return () => mediaDevices.removeEventListener("devicechange", changed);
  }, [own]);
  return null;
}

function tell(t: ReturnType<typeof useT>, told: NonNullable<Told>): void {
  const text =
    told.what === "lost"
      ? t("sound.speaker.lost", { old: told.old })
      : t("sound.speaker.new", { name: told.name });
  showToast({ text });
}
