/** One's devices outside of any meeting, as they are before one: nothing is open before its owner asks, and all is closed when they go. */
import { useEffect, useState } from "react";

import { createDevices, type DeviceStore } from "../core/devices/devices";
import { DeviceRow } from "../features/lobby/DeviceRow";
import { Preview } from "../features/lobby/Preview";
import { useT } from "../i18n/react";
import { useAccount } from "../ui/account";
import { CheckLink } from "../ui/CheckLink";
import { useStore } from "../ui/use-store";

import { Hears } from "./hears";
import { Looks } from "./looks";
import styles from "./OwnDevices.module.css";
import { followTaste, isSecure, prefs, processor, taste } from "./ports";

export function OwnDevices() {
  const t = useT();
  const [devices] = useState(openNothing);
  useEffect(() => follow(devices), [devices]);
  const { camera, microphone } = useStore(devices);
  const isLive = camera.status === "live";
  const why = [microphone, camera].find(({ on, status }) => on && status !== "live" && status !== "asking");
  return (
    <section className={styles.devices}>
      <Preview
        track={devices.track("camera")}
        isLive={isLive}
        name={useAccount().name}
        obstacle={undefined}
      />
      <DeviceRow devices={devices} />
      {why && <p role="status">{t(`lobby.why.${why.status}`)}</p>}
      <p className={styles.links}>
        <Looks devices={devices} />
        <Hears devices={devices} />
        <CheckLink />
      </p>
    </section>
  );
}

/** The devices that were chosen before, none of them turned on. */
function openNothing(): DeviceStore {
  const media = "mediaDevices" in navigator ? navigator.mediaDevices : undefined;
  const remembered = { ...prefs.get(), microphoneOn: false, cameraOn: false };
  return createDevices(media, remembered, isSecure ? "unsupported" : "insecure", { taste, processor });
}

/** Which one is chosen is remembered; whether it is on is a matter of each meeting. */
function follow(devices: DeviceStore): () => void {
  const forget = devices.subscribe(() => {
    const { microphone, camera, speaker } = devices.get();
    prefs.set({ microphoneId: microphone.chosen, cameraId: camera.chosen, speakerId: speaker.chosen });
  });
  const unfollow = followTaste({
    remade: () => void devices.remake(),
    liked: () => void devices.liked(),
  });
  return () => {
    forget();
    unfollow();
    devices.close();
  };
}
