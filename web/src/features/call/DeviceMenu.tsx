import { useT } from "../../i18n/react";
import { Menu, MenuItem, MenuSection } from "../../ui/Menu";
import { useSelected, useSession } from "../../ui/room/context";

import { canChooseSpeaker, useDevices } from "./devices";

export function MicrophoneMenu() {
  const t = useT();
  return (
    <Menu aria-label={t("call.devices.sound")}>
      <MicrophoneSection />
      {canChooseSpeaker && <SpeakerSection />}
    </Menu>
  );
}

export function CameraMenu() {
  const t = useT();
  return (
    <Menu aria-label={t("call.devices.camera")}>
      <CameraSection />
    </Menu>
  );
}

export function MicrophoneSection() {
  const { media } = useSession();
  const chosen = useSelected(media.state, ({ own }) => own.microphoneId);
  return (
    <Section
      title="call.devices.microphone"
      kind="audioinput"
      chosen={chosen}
      choose={(id) => media.own?.chooseMicrophone(id)}
    />
  );
}

export function SpeakerSection() {
  const { media } = useSession();
  const chosen = useSelected(media.state, ({ own }) => own.speakerId);
  return (
    <Section
      title="call.devices.speaker"
      kind="audiooutput"
      chosen={chosen}
      choose={(id) => media.own?.chooseSpeaker(id)}
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
      choose={(id) => media.own?.chooseCamera(id)}
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
  const current = devices.some(({ deviceId }) => deviceId === chosen) ? chosen : devices[0]?.deviceId;
  return (
    <MenuSection
      title={t(title)}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={current ? [current] : []}
      onSelectionChange={(keys) => {
        const [id] = keys === "all" ? [] : keys;
        if (typeof id === "string") choose(id);
      }}
    >
      {devices.length === 0 ? (
        <MenuItem id={`${kind}-none`} isDisabled textValue={t("call.devices.none")}>
          {t("call.devices.none")}
        </MenuItem>
      ) : (
        devices.map(({ deviceId, label }) => (
          <MenuItem key={deviceId} id={deviceId} textValue={label}>
            {label}
          </MenuItem>
        ))
      )}
    </MenuSection>
  );
}
