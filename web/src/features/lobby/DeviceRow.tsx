import { type ComponentType, useState } from "react";
import { Button as AriaButton } from "react-aria-components";

import { Chunk } from "../../core/chunk";
import type { DeviceStore } from "../../core/devices/devices";
import { canChooseSpeaker, testSpeaker } from "../../core/devices/speaker";
import type { Device, Kind } from "../../core/devices/state";
import { useT } from "../../i18n/react";
import { IconButton } from "../../ui/Button";
import { Mic, MicOff, Video, VideoOff, Volume2 } from "../../ui/icons";
import { Level } from "../../ui/Level";
import { Part } from "../../ui/Part";
import { useStore } from "../../ui/use-store";

import styles from "./DeviceRow.module.css";
import type { ChooseProps } from "./popups";

const choose = new Chunk<ComponentType<ChooseProps>>(async () => (await import("./popups")).Choose);

const icons = { microphone: [Mic, MicOff], camera: [Video, VideoOff] } as const;

/** Microphone, camera, speaker: what each is doing, in icon and word, and which one it is. */
export function DeviceRow({ devices }: { devices: DeviceStore }) {
  const state = useStore(devices);
  return (
    <div className={styles.row}>
      <DeviceCard kind="microphone" device={state.microphone} devices={devices} />
      <DeviceCard kind="camera" device={state.camera} devices={devices} />
      {canChooseSpeaker() && <SpeakerCard devices={devices} />}
    </div>
  );
}

function DeviceCard({ kind, device, devices }: { kind: Kind; device: Device; devices: DeviceStore }) {
  const t = useT();
  const asking = device.on && device.status === "asking";
  const hindered = device.on && !asking && device.status !== "live" && device.status !== "off";
  const isOff = hindered || !device.on;
  const [On, Off] = icons[kind];
  const Icon = isOff ? Off : On;
  const word = hindered || asking ? device.status : device.on ? "on" : "off";
  const track = devices.track(kind);
  return (
    <div className={styles.card} data-kind={kind}>
      <div className={styles.inside}>
        <IconButton
          look={isOff ? "off" : "ctl"}
          aria-label={t(`lobby.${kind}.${device.on && !hindered ? "turnOff" : "turnOn"}`)}
          onPress={() => void devices.turn(kind, hindered || !device.on)}
        >
          <Icon size={20} strokeWidth={1.75} />
        </IconButton>
        <p className={styles.words}>
          <span className={styles.what} data-size="long">
            {t(`lobby.${kind}.${word}`, { size: "long" })}
          </span>
          <span className={styles.what} data-size="short">
            {t(`lobby.${kind}.${word}`, { size: "short" })}
          </span>
          <span className={styles.which}>
            {hindered || asking ? t(`lobby.why.${device.status}`) : device.label || t("lobby.device.default")}
          </span>
        </p>
        {kind === "microphone" && device.status === "live" && track && (
          <span className={styles.level}>
            <Level key={track.id} track={track} />
          </span>
        )}
        {!hindered && !asking && (
          <Choose
            label={t(`lobby.${kind}.choose`)}
            choices={device.choices}
            chosen={current(device)}
            onChoose={(id) => void devices.choose(kind, id)}
          />
        )}
      </div>
    </div>
  );
}

function SpeakerCard({ devices }: { devices: DeviceStore }) {
  const t = useT();
  const { speaker } = useStore(devices);
  const [playing, setPlaying] = useState(false);
  const name =
    speaker.choices.find((choice) => choice.id === speaker.chosen)?.label ?? speaker.choices[0]?.label;
  return (
    <div className={styles.card} data-kind="speaker">
      <div className={styles.inside}>
        <span className={styles.speaker}>
          <Volume2 size={20} strokeWidth={1.75} aria-hidden="true" />
        </span>
        <p className={styles.words}>
          <span className={styles.what}>{t("lobby.speaker")}</span>
          <span className={styles.which}>{name ?? t("lobby.device.default")}</span>
        </p>
        <AriaButton
          className={styles.test ?? ""}
          aria-label={t("lobby.speaker.test.label")}
          isPending={playing}
          onPress={() => {
            setPlaying(true);
            void testSpeaker(speaker.chosen).finally(() => setPlaying(false));
          }}
        >
          {t("lobby.speaker.test")}
        </AriaButton>
        <Choose
          label={t("lobby.speaker.choose")}
          choices={speaker.choices}
          chosen={speaker.chosen ?? speaker.choices[0]?.id ?? null}
          onChoose={(id) => void devices.choose("speaker", id)}
        />
      </div>
    </div>
  );
}

function Choose(props: ChooseProps) {
  if (props.choices.length === 0) return null;
  return (
    <span className={styles.choose}>
      <Part of={choose} props={props} />
    </span>
  );
}

/** What is open, or what was chosen; a label is all that a track says of its device in every browser. */
function current(device: Device): string | null {
  return device.choices.find((choice) => choice.label === device.label)?.id ?? device.chosen;
}
