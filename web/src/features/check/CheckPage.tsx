import { useState } from "react";

import { detailsOf } from "../../core/check/details";
import type { Facts } from "../../core/check/facts";
import type { LineFound } from "../../core/check/line";
import type { DeviceStore } from "../../core/devices/devices";
import { useT } from "../../i18n/react";
import { CopyDetails } from "../../ui/CopyDetails";
import { useStore } from "../../ui/use-store";

import { BrowserPart } from "./BrowserPart";
import styles from "./check.module.css";
import { CameraPart, MicrophonePart } from "./DeviceParts";
import { LinePart } from "./LinePart";
import { SpeakerPart } from "./SpeakerPart";

export interface CheckPageProps {
  devices: DeviceStore;
  facts: Facts;
  host: string;
  version: string;
  now(): number;
  tryLine(): Promise<LineFound>;
  testSpeaker(id: string | null): Promise<void>;
}

/** `/test`: nothing is opened before it is asked for, and each part can be tried alone. */
export function CheckPage({ devices, facts, host, version, now, tryLine, testSpeaker }: CheckPageProps) {
  const t = useT();
  const state = useStore(devices);
  const [heard, setHeard] = useState<boolean | null>(null);
  const [line, setLine] = useState<LineFound | null>(null);
  const details = () =>
    detailsOf({ at: new Date(now()).toISOString(), host, version, facts, devices: state, heard, line });
  return (
    <section className={styles.page}>
      <h1 className={styles.headline}>{t("check.title")}</h1>
      <p className={styles.about}>{t("check.about")}</p>
      <MicrophonePart devices={devices} />
      <CameraPart devices={devices} />
      <SpeakerPart chosen={state.speaker.chosen} heard={heard} onHeard={setHeard} test={testSpeaker} />
      <LinePart found={line} onFound={setLine} tryLine={tryLine} now={now} />
      <BrowserPart facts={facts} />
      <div className={styles.end}>
        <CopyDetails details={details} />
        <p className={styles.hint}>{t("check.details.hint")}</p>
      </div>
    </section>
  );
}
