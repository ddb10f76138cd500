import { useT } from "../../i18n/react";
import { Level } from "../../ui/Level";
import { useSelected, useSession } from "../../ui/room/context";

import styles from "./Popovers.module.css";

/** Can they hear me? What the microphone gives on this device, and whether the server says that it comes in. */
export function MicrophoneCheck({ id }: { id: string }) {
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own }) => own.microphone);
  // Another device may be open by now.
  useSelected(media.state, ({ own }) => own.microphoneStands);
  const track = media.own.microphone;
  return (
    <div className={styles.check} id={id}>
      {isOn && track?.readyState === "live" && <Level key={track.id} track={track} />}
      <p>{useHeardWords()}</p>
    </div>
  );
}

function useHeardWords(): string {
  const t = useT();
  const { media } = useSession();
  return useSelected(media.state, ({ own, phase }) => {
    if (!own.microphone) return t("call.hearing.off");
    if (own.microphoneStands === "asking") return t("call.asking.then", { device: "microphone" });
    if (phase !== "up") return t("call.line.reconnecting");
    if (own.hearing === "silent") return t("call.hearing.silent", { device: own.microphoneLabel });
    if (own.hearing === "muted-outside")
      return t("call.hearing.muted_outside", { device: own.microphoneLabel });
    return t(`call.hearing.${own.arrival}`);
  });
}
