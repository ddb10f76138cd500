import type { Commands } from "../../core/api/channel";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { DoorOpen, Mic, MicOff, MonitorUp, VideoOff } from "../../ui/icons";
import { useMay, useSession } from "../../ui/room/context";
import type { PersonAction } from "../../ui/room/feature";
import { showToast } from "../../ui/Toast";

import { useHostCommand } from "./command";
import { removalOf } from "./removal";

/** What a host may do with a person. A microphone is closed from outside, never opened: for that one asks. */
export function usePersonActions(person: Present): readonly PersonAction[] {
  const t = useT();
  const session = useSession();
  const command = useHostCommand();
  const isHost = useMay("host");
  const { id, name, self, microphone, camera, screen, role } = person;
  if (!isHost || self) return [];
  const mute = (source: Commands["meeting"]["mute"]["source"]) => () =>
    void command("mute", { participant: id, source }, name);
  const ask = async (): Promise<void> => {
    const isDone = await command("ask_unmute", { participant: id }, name);
    if (isDone) showToast({ text: t("host.asked", { name }) });
  };
  const actions: PersonAction[] = [];
  if (microphone === "live") {
    actions.push({
      id: "mute",
      label: t("host.mute"),
      icon: <MicOff size={20} strokeWidth={1.75} />,
      run: mute("microphone"),
    });
  } else if (role !== "service") {
    actions.push({
      id: "ask",
      label: t("host.ask"),
      icon: <Mic size={20} strokeWidth={1.75} />,
      run: () => void ask(),
    });
  }
  if (camera) {
    actions.push({
      id: "stop-video",
      label: t("host.stop_video"),
      icon: <VideoOff size={20} strokeWidth={1.75} />,
      run: mute("camera"),
    });
  }
  if (screen) {
    actions.push({
      id: "stop-share",
      label: t("host.stop_share"),
      icon: <MonitorUp size={20} strokeWidth={1.75} />,
      run: mute("screen_share"),
    });
  }
  actions.push({
    id: "remove",
    label: t("host.remove"),
    icon: <DoorOpen size={20} strokeWidth={1.75} />,
    tone: "danger",
    run: () => removalOf(session).set(person),
  });
  return actions;
}
