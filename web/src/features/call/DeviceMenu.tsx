import { useId } from "react";

import { canChooseSpeaker, testSpeaker } from "../../core/devices/speaker";
import { useT } from "../../i18n/react";
import { Volume2 } from "../../ui/icons";
import { Menu, MenuItem, MenuSection } from "../../ui/Menu";
import { usePrefs, useRoom, useSelected, useSession } from "../../ui/room/context";

import { useDevices } from "./devices";
import { MicrophoneCheck } from "./MicrophoneCheck";

/** Above the devices stands whether people hear me; a screen reader says it with the menu's name. */
export function MicrophoneMenu() {
  const t = useT();
  const check = useId();
  return (
    <>
      <MicrophoneCheck id={check} />
      <Menu aria-label={t("call.devices.sound")} aria-describedby={check}>
        <MicrophoneSection />
        {canChooseSpeaker() && <SpeakerSection />}
        <TestSpeaker />
        <DeviceItems of="microphone" />
        <WarnSection />
      </Menu>
    </>
  );
}

function TestSpeaker() {
  const t = useT();
  const { media } = useSession();
  const speaker = useSelected(media.state, ({ own }) => own.speakerId);
  return (
    <MenuItem
      id="test-speaker"
      icon={<Volume2 size={16} strokeWidth={1.75} />}
      textValue={t("call.devices.test")}
      onAction={() => void testSpeaker(speaker)}
    >
      {t("call.devices.test")}
    </MenuItem>
  );
}

/** D9: what it does to the microphone is said where it is chosen. */
export function WarnSection() {
  const t = useT();
  const { prefs } = useRoom();
  const { warnMuted } = usePrefs();
  return (
    <MenuSection
      title={t("call.warn.title")}
      selectionMode="multiple"
      selectedKeys={warnMuted ? ["warn"] : []}
      onSelectionChange={(keys) => prefs.set({ warnMuted: keys === "all" || keys.has("warn") })}
    >
      <MenuItem id="warn" textValue={t("call.warn")} hint={t("call.warn.hint")}>
        {t("call.warn")}
      </MenuItem>
    </MenuSection>
  );
}

export function CameraMenu() {
  const t = useT();
  return (
    <Menu aria-label={t("call.devices.camera")}>
      <CameraSection />
      <DeviceItems of="camera" />
    </Menu>
  );
}

/** What the features do with a device of one's own. */
export function DeviceItems({ of }: { of: "microphone" | "camera" }) {
  return useRoom().features.map(({ name, deviceItems }) => {
    const Item = deviceItems?.[of];
    return Item && <Item key={name} />;
  });
}

export function MicrophoneSection() {
  const { media } = useSession();
  const chosen = useSelected(media.state, ({ own }) => own.microphoneId);
  return (
    <Section
      title="call.devices.microphone"
      kind="audioinput"
      chosen={chosen}
      choose={(id) => media.own.chooseMicrophone(id)}
    />
  );
}

function SpeakerSection() {
  const { media } = useSession();
  const chosen = useSelected(media.state, ({ own }) => own.speakerId);
  return (
    <Section
      title="call.devices.speaker"
      kind="audiooutput"
      chosen={chosen}
      choose={(id) => media.own.chooseSpeaker(id)}
    />
  );
}

export function CameraSection() {
  const { media } = useSession();
  const chosen = useSelected(media.state, ({ own }) => own.cameraId);
  return (
    <Section
      title="call.devices.camera"
      kind="videoinput"
      chosen={chosen}
      choose={(id) => media.own.chooseCamera(id)}
    />
  );
}

interface SectionProps {
  title: string;
  kind: MediaDeviceKind;
  chosen: string | null;
  choose(id: string): void;
}

function Section({ title, kind, chosen, choose }: SectionProps) {
  const t = useT();
  const devices = useDevices(kind);
  // Chromium calls the default microphone and the default speaker by the same id.
  const keyOf = (id: string): string => `${kind} ${id}`;
  const current = devices.some(({ deviceId }) => deviceId === chosen) ? chosen : devices[0]?.deviceId;
  return (
    <MenuSection
      title={t(title)}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={current ? [keyOf(current)] : []}
      onSelectionChange={(keys) => {
        const [key] = keys === "all" ? [] : keys;
        const wanted = devices.find(({ deviceId }) => keyOf(deviceId) === key);
        if (wanted) choose(wanted.deviceId);
      }}
    >
      {devices.length === 0 ? (
        <MenuItem id={`${kind}-none`} isDisabled textValue={t("call.devices.none")}>
          {t("call.devices.none")}
        </MenuItem>
      ) : (
        devices.map(({ deviceId, label }) => (
          <MenuItem key={deviceId} id={keyOf(deviceId)} textValue={label}>
            {label}
          </MenuItem>
        ))
      )}
    </MenuSection>
  );
}
