import { useT } from "../../i18n/react";
import { ChevronUp, Mic, MicOff, MonitorUp, Video, VideoOff } from "../../ui/icons";
import { MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { BarButton, BarMore, BarPair } from "../../ui/room/BarButton";
import { useSelected, useSession, useSheet } from "../../ui/room/context";
import { useSpelled } from "../../ui/room/keys";

import { CameraMenu, MicrophoneMenu } from "./DeviceMenu";
import { canShare } from "./devices";
import { cameraKey, microphoneKey, shareKey } from "./keys";
import { useShare } from "./share";

/** Not allowed here and now. Who waits has their devices to themselves. It still can be pressed: then it says why. */
function useBarred(what: "unmute" | "video" | "share"): boolean {
  return useSelected(useSession().you, ({ may, role }) => role !== "waiting" && !may.includes(what));
}

export function MicrophoneButton({ single = false }: { single?: boolean }) {
  const t = useT();
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own }) => own.microphone);
  const { isOpen, setOpen } = useSheet("microphone");
  const isBarred = useBarred("unmute");
  const look = isOn ? "filled" : "off";
  const button = (
    <BarButton
      icon={isOn ? <Mic /> : <MicOff />}
      word={t(isOn ? "call.mute" : "call.unmute")}
      label={t(isOn ? "call.mute.label" : isBarred ? "call.unmute.barred" : "call.unmute.label")}
      isBarred={isBarred}
      shortcut={useSpelled(microphoneKey)}
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
  const isBarred = useBarred("video");
  const look = isOn ? "filled" : "off";
  const button = (
    <BarButton
      icon={isOn ? <Video /> : <VideoOff />}
      word={t(isOn ? "call.video.stop" : "call.video.start")}
      shortWord={t("call.video.short")}
      label={t(isOn ? "call.video.stop.label" : isBarred ? "call.video.barred" : "call.video.start.label")}
      isBarred={isBarred}
      shortcut={useSpelled(cameraKey)}
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
  const shortcut = useSpelled(shareKey);
  const t = useT();
  const { isSharing, toggle } = useShare();
  const isBarred = useBarred("share");
  if (!canShare) return null;
  return (
    <BarButton
      icon={<MonitorUp />}
      word={t(isSharing ? "call.share.stop.word" : "call.share")}
      label={t(isSharing ? "call.share.stop" : "call.share.label")}
      shortcut={shortcut}
      look={isSharing ? "open" : "bare"}
      isBarred={isBarred}
      onPress={toggle}
    />
  );
}

export function ShareItem() {
  const t = useT();
  const { isSharing, toggle } = useShare();
  if (!canShare) return null;
  return (
    <MenuItem
      icon={<MonitorUp size={20} strokeWidth={1.75} />}
      textValue={t("call.share.label")}
      onAction={toggle}
    >
      {t(isSharing ? "call.share.stop" : "call.share.label")}
    </MenuItem>
  );
}
