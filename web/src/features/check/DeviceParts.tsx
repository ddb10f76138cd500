import { useEffect, useState } from "react";

import type { DeviceStore } from "../../core/devices/devices";
import { startMeter } from "../../core/devices/meter";
import type { Device, Kind } from "../../core/devices/state";
import { browserName, systemName } from "../../core/platform";
import { useT, type Translate } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Mic, Video } from "../../ui/icons";
import { Level } from "../../ui/Level";
import { useStore } from "../../ui/use-store";

import { Card, type Finding } from "./Card";
import styles from "./check.module.css";

/** So loud a voice is at an arm's length; a fan is not. */
const HEARD_LEVEL = 0.35;
const SILENT_AFTER_MS = 8000;

/** It works once something was heard, not once it is open: a headset's own switch opens silent. */
export function MicrophonePart({ devices }: { devices: DeviceStore }) {
  const t = useT();
  const { microphone } = useStore(devices);
  const track = microphone.status === "live" ? devices.track("microphone") : null;
  const heard = useHeard(track);
  return (
    <Card
      icon={Mic}
      title={t("check.microphone")}
      finding={hindrance(t, "microphone", microphone) ?? (track && heardWords(t, heard, microphone.label))}
      action={<Turn kind="microphone" device={microphone} devices={devices} />}
    >
      {track && (
        <p className={styles.row}>
          <Level key={track.id} track={track} />
          <span>{microphone.label}</span>
        </p>
      )}
    </Card>
  );
}

export function CameraPart({ devices }: { devices: DeviceStore }) {
  const t = useT();
  const { camera } = useStore(devices);
  const track = camera.status === "live" ? devices.track("camera") : null;
  return (
    <Card
      icon={Video}
      title={t("check.camera")}
      finding={
        hindrance(t, "camera", camera) ??
        (track && {
          tone: "good",
          title: t("check.camera.live", { device: camera.label }),
          text: t("check.camera.live.text"),
        })
      }
      action={<Turn kind="camera" device={camera} devices={devices} />}
    >
      {track && (
        <video
          key={track.id}
          className={styles.picture}
          aria-label={t("check.camera.picture")}
          ref={(video) => show(video, track)}
          autoPlay
          muted
          playsInline
        />
      )}
    </Card>
  );
}

function Turn({ kind, device, devices }: { kind: Kind; device: Device; devices: DeviceStore }) {
  const t = useT();
  const isOpen = device.status === "live" || device.status === "asking";
  return (
    <Button onPress={() => void devices.turn(kind, !isOpen)}>{t(isOpen ? "check.stop" : "check.try")}</Button>
  );
}

/** Nothing stands in the way: null. */
function hindrance(t: Translate, kind: Kind, { status }: Device): Finding | null {
  if (status === "live" || status === "off") return null;
  const values = {
    device: kind,
    os: systemName(navigator.userAgent),
    browser: browserName(navigator.userAgent),
  };
  return {
    tone: status === "asking" ? "warn" : "bad",
    title: t(`check.device.${status}`, values),
    text: t(`check.device.${status}.text`, values),
  };
}

type Heard = "listening" | "heard" | "silent";

function heardWords(t: Translate, heard: Heard, device: string): Finding {
  const tone = heard === "silent" ? "bad" : heard === "heard" ? "good" : "warn";
  return {
    tone,
    title: t(`check.microphone.${heard}`, { device }),
    text: t(`check.microphone.${heard}.text`),
  };
}

/** Whether a voice has come since it was opened. */
function useHeard(track: MediaStreamTrack | null): Heard {
  const [of, setOf] = useState<{ track: MediaStreamTrack; heard: Heard } | null>(null);
  useEffect(() => {
    if (!track) return undefined;
    const timer = setTimeout(
      () => setOf((now) => (now?.track === track ? now : { track, heard: "silent" })),
      SILENT_AFTER_MS,
    );
    const stop = startMeter(track, (level) => {
      if (level >= HEARD_LEVEL) setOf((now) => (isHeard(now, track) ? now : { track, heard: "heard" }));
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [track]);
  return of?.track === track && of ? of.heard : "listening";
}

function isHeard(now: { track: MediaStreamTrack; heard: Heard } | null, track: MediaStreamTrack): boolean {
  return now?.track === track && now.heard === "heard";
}

function show(video: HTMLVideoElement | null, track: MediaStreamTrack): (() => void) | undefined {
  if (!video) return undefined;
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => undefined);
  return () => {
    video.srcObject = null;
  };
}
