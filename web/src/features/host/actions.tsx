import type { Commands } from "../../core/api/channel";
import { meetingFeature } from "../../core/meeting/people";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import {
  CircleAlert,
  DoorOpen,
  Flag,
  Mic,
  MicOff,
  MonitorUp,
  Pin,
  ShieldCheck,
  VideoOff,
} from "../../ui/icons";
import { useLog, useMay, useRoom, useSession, useStore } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import type { PersonAction } from "../../ui/room/feature";
import { showToast } from "../../ui/Toast";

import { askedAbout } from "./asking";

const icon = { size: 20, strokeWidth: 1.75 };
const MOST_SPOTLIT = 4;

/** What a host may do with a person. A microphone is closed from outside, never opened: for that one asks. */
export function usePersonActions(person: Present): readonly PersonAction[] {
  const isHost = useMay("host");
  const media = useMediaActions(person);
  const roles = useRoleActions(person);
  const ends = useEndActions(person);
  const spotlight = useSpotlight(person);
  const own = useOwnActions(person);
  if (person.self) return isHost ? [spotlight] : own;
  if (!isHost) return [];
  if (person.role === "service") return [...media, ...ends];
  return [...media, spotlight, ...roles, ...ends];
}

function useMediaActions({ id, name, microphone, camera, screen, role }: Present): PersonAction[] {
  const t = useT();
  const deed = useDeed();
  const session = useSession();
  const mute = (source: Commands["meeting"]["mute"]["source"]) => () =>
    void deed("mute", { participant: id, source }, name);
  const ask = async (): Promise<void> => {
    const { overrides, policy } = session.log.of(meetingFeature).get();
    const may = overrides[id]?.["unmute"] ?? policy.may.unmute;
    // To ask somebody for what they may not do would leave them with a button that does nothing.
    if (!may && !(await deed("let", { participant: id, may: { unmute: true } }, name))) return;
    if (await deed("ask_unmute", { participant: id }, name)) showToast({ text: t("host.asked", { name }) });
  };
  const actions: PersonAction[] = [];
  if (microphone === "live")
    actions.push({ id: "mute", label: t("host.mute"), icon: <MicOff {...icon} />, run: mute("microphone") });
  else if (role !== "service")
    actions.push({ id: "ask", label: t("host.ask"), icon: <Mic {...icon} />, run: () => void ask() });
  if (camera)
    actions.push({
      id: "stop-video",
      label: t("host.stop_video"),
      icon: <VideoOff {...icon} />,
      run: mute("camera"),
    });
  if (screen)
    actions.push({
      id: "stop-share",
      label: t("host.stop_share"),
      icon: <MonitorUp {...icon} />,
      run: mute("screen_share"),
    });
  return actions;
}

/** For all, up to four; the oldest gives way. */
function useSpotlight({ id, name }: Present): PersonAction {
  const t = useT();
  const deed = useDeed();
  const { spotlight } = useLog(meetingFeature);
  const isLit = spotlight.includes(id);
  const participants = isLit
    ? spotlight.filter((other) => other !== id)
    : [...spotlight, id].slice(-MOST_SPOTLIT);
  return {
    id: "spotlight",
    label: t(isLit ? "host.spotlight.end" : "host.spotlight"),
    icon: <Pin {...icon} />,
    run: () => void deed("spotlight", { participants }, name),
  };
}

function useRoleActions(person: Present): PersonAction[] {
  const t = useT();
  const deed = useDeed();
  const session = useSession();
  const isOwner = useMay("own");
  const { id, name, role } = person;
  const ask = askedAbout(session);
  const actions: PersonAction[] = [];
  if (role === "member" || role === "guest")
    actions.push({
      id: "allow",
      label: t("host.allow"),
      icon: <ShieldCheck {...icon} />,
      run: () => ask.set({ what: "allow", person }),
    });
  if (isOwner && (role === "member" || role === "guest"))
    actions.push({
      id: "make-cohost",
      label: t("host.make_cohost"),
      icon: <ShieldCheck {...icon} />,
      run: () => void deed("make_cohost", { participant: id }, name),
    });
  if (isOwner && (role === "cohost" || role === "host"))
    actions.push({
      id: "unmake-cohost",
      label: t("host.unmake_cohost"),
      icon: <ShieldCheck {...icon} />,
      run: () => void deed("unmake_cohost", { participant: id }, name),
    });
  if (isOwner)
    actions.push({
      id: "hand-over",
      label: t("host.hand_over"),
      icon: <ShieldCheck {...icon} />,
      run: () => ask.set({ what: "hand_over", person }),
    });
  return actions;
}

function useEndActions(person: Present): PersonAction[] {
  const t = useT();
  const deed = useDeed();
  const ask = askedAbout(useSession());
  const { id, name, role } = person;
  const actions: PersonAction[] = [];
  if (role !== "service")
    actions.push({
      id: "to-waiting",
      label: t("host.to_waiting"),
      icon: <DoorOpen {...icon} />,
      run: () => void deed("send_to_waiting", { participant: id }, name),
    });
  actions.push(
    {
      id: "remove",
      label: t("host.remove"),
      icon: <CircleAlert {...icon} />,
      tone: "danger",
      run: () => ask.set({ what: "remove", person }),
    },
    {
      id: "report",
      label: t("host.report"),
      icon: <Flag {...icon} />,
      tone: "danger",
      run: () => ask.set({ what: "report", person }),
    },
  );
  return actions;
}

/** Who has handed the meeting over, and still holds its key, may take it back. */
function useOwnActions({ self }: Present): PersonAction[] {
  const t = useT();
  const deed = useDeed();
  const hostKey = useStore(useRoom().hostKey);
  if (!self || hostKey === undefined) return [];
  return [
    {
      id: "take-back",
      label: t("host.take_back"),
      icon: <ShieldCheck {...icon} />,
      run: () => void deed("take_back", {}),
    },
  ];
}
