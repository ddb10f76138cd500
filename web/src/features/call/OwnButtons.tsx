import { useT } from "../../i18n/react";
import { ChevronUp, Mic, MicOff, MonitorUp, Video, VideoOff } from "../../ui/icons";
import { MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { BarButton, BarMore, BarPair } from "../../ui/room/BarButton";
import { useSelected, useSession, useSheet } from "../../ui/room/context";
import { spelled } from "../../ui/room/keys";

import { CameraMenu, MicrophoneMenu } from "./DeviceMenu";
import { canShare } from "./devices";
import { cameraKeys, microphoneKeys, shareKeys } from "./keys";

export function MicrophoneButton({ single = false }: { single?: boolean }) {
  const t = useT();
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own }) => own.microphone);
  const { isOpen, setOpen } = useSheet("microphone");
  const look = isOn ? "filled" : "off";
  const button = (
    <BarButton
      icon={isOn ? <Mic /> : <MicOff />}
      word={t(isOn ? "call.mute" : "call.unmute")}
      label={t(isOn ? "call.mute.label" : "call.unmute.label")}
      shortcut={spelled(microphoneKeys[0])}
      look={look}
      onPress={() => media.setMicrophone(!isOn)}
    />
  );
  if (single) return button;
  return (
    <BarPair look={look}>
      {button}
      <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <BarMore aria-label={t("call.devices.sound")} look={look}>
          <ChevronUp size={16} />
        </BarMore>
        <Popover placement="top start">
          <MicrophoneMenu />
        </Popover>
      </MenuTrigger>
    </BarPair>
  );
}

export function CameraButton({ single = false }: { single?: boolean }) {
  const t = useT();
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own }) => own.camera);
  const { isOpen, setOpen } = useSheet("camera");
  const look = isOn ? "filled" : "off";
  const button = (
    <BarButton
      icon={isOn ? <Video /> : <VideoOff />}
      word={t(isOn ? "call.video.stop" : "call.video.start")}
      shortWord={t("call.video.short")}
      label={t(isOn ? "call.video.stop.label" : "call.video.start.label")}
      shortcut={spelled(cameraKeys[0])}
      look={look}
      onPress={() => media.setCamera(!isOn)}
    />
  );
  if (single) return button;
  return (
    <BarPair look={look}>
      {button}
      <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
        <BarMore aria-label={t("call.devices.camera")} look={look}>
          <ChevronUp size={16} />
        </BarMore>
        <Popover placement="top start">
          <CameraMenu />
        </Popover>
      </MenuTrigger>
    </BarPair>
  );
}

export function ShareButton() {
  const t = useT();
  const { media } = useSession();
  const isSharing = useSelected(media.state, ({ own }) => own.sharing);
  if (!canShare) return null;
  return (
    <BarButton
      icon={<MonitorUp />}
      word={t(isSharing ? "call.share.stop.word" : "call.share")}
      label={t(isSharing ? "call.share.stop" : "call.share.label")}
      shortcut={spelled(shareKeys[0])}
      look={isSharing ? "open" : "bare"}
      onPress={() => (isSharing ? media.own.stopSharing() : media.own.share())}
    />
  );
}

export function ShareItem() {
  const t = useT();
  const { media } = useSession();
  const isSharing = useSelected(media.state, ({ own }) => own.sharing);
  if (!canShare) return null;
  return (
    <MenuItem
      icon={<MonitorUp size={20} strokeWidth={1.75} />}
      textValue={t("call.share.label")}
      onAction={() => (isSharing ? media.own.stopSharing() : media.own.share())}
    >
      {t(isSharing ? "call.share.stop" : "call.share.label")}
    </MenuItem>
  );
}
