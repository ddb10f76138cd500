import { canChooseSpeaker } from "../../core/devices/speaker";
import { useT } from "../../i18n/react";
import { useSelected, useSession } from "../../ui/room/context";
import { Select } from "../../ui/Select";

import { useDevices } from "./devices";
import styles from "./Settings.module.css";

/** The devices in use, to be changed while the meeting goes on. */
export function DeviceRows() {
  const { media } = useSession();
  const { microphoneId, cameraId, speakerId } = useSelected(media.state, ({ own }) => own);
  return (
    <div className={styles.devices}>
      <Row
        kind="audioinput"
        word="microphone"
        chosen={microphoneId}
        choose={(id) => media.own.chooseMicrophone(id)}
      />
      <Row kind="videoinput" word="camera" chosen={cameraId} choose={(id) => media.own.chooseCamera(id)} />
      {canChooseSpeaker() && (
        <Row
          kind="audiooutput"
          word="speaker"
          chosen={speakerId}
          choose={(id) => media.own.chooseSpeaker(id)}
        />
      )}
    </div>
  );
}

interface RowProps {
  kind: MediaDeviceKind;
  word: "microphone" | "camera" | "speaker";
  chosen: string | null;
  choose(id: string): void;
}

function Row({ kind, word, chosen, choose }: RowProps) {
  const t = useT();
  const found = useDevices(kind);
  const choices = found.map(({ deviceId, label }) => ({ id: deviceId, word: label }));
  const current = choices.find(({ id }) => id === chosen) ?? choices[0];
  const label = t(`call.devices.${word}`);
  if (!current)
    return (
      <p className={styles.none}>
        <span>{label}</span> <span>{t("call.devices.none")}</span>
      </p>
    );
  return <Select label={label} size={40} choices={choices} chosen={current.id} onChoose={choose} />;
}
