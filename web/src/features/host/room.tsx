import { useEffect, useRef } from "react";
import { Dialog, DialogTrigger } from "react-aria-components";

import { Chunk } from "../../core/chunk";
import { meetingFeature } from "../../core/meeting/people";
import type { Session } from "../../core/meeting/session";
import { useT } from "../../i18n/react";
import { Dialog as Sheet } from "../../ui/Dialog";
import { MicOff, ShieldCheck } from "../../ui/icons";
import { announce } from "../../ui/live";
import { MenuItem } from "../../ui/Menu";
import { Part } from "../../ui/Part";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useSession, useSheet, useStore } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import type { RoomFeature } from "../../ui/room/feature";
import { useForm } from "../../ui/room/form";
import { HostRow } from "../../ui/room/HostRow";
import { useKey } from "../../ui/room/keys";
import { showToast } from "../../ui/Toast";

import { muteAllKey } from "./keys";
import { usePersonActions } from "./actions";
import { AskedBanner } from "./AskedBanner";
import { askedOf } from "./asked";
import { askedAbout } from "./asking";
import { sentenceOf } from "./changes";
import { StoppedBanner, UnhostedBanner } from "./StoppedBanner";

/** Only hosts need it, and not at once. */
const toolsCode = new Chunk(async () => (await import("./Tools")).Tools);
const dialogsCode = new Chunk(async () => (await import("./dialogs")).HostDialogs);

function HostButton() {
  const t = useT();
  const isHost = useMay("host");
  const { isOpen, setOpen } = useSheet("host");
  useEffect(() => {
    if (!isHost) return;
    toolsCode.preload();
    dialogsCode.preload();
  }, [isHost]);
  if (!isHost) return null;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <BarButton
        icon={<ShieldCheck />}
        word={t("host.tools")}
        shortWord={t("host.tools.short")}
        label={t("host.tools")}
        look={isOpen ? "open" : "bare"}
      />
      <Popover look="dialog" placement="top end">
        <Dialog aria-label={t("host.tools")}>
          <Part of={toolsCode} props={{}} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function useMuteEveryone(): () => void {
  const t = useT();
  const deed = useDeed();
  return () => {
    void (async () => {
      if (await deed("mute_all", {})) announce(t("host.said.all_muted"));
    })();
  };
}

function MuteEveryone() {
  const t = useT();
  const muteEveryone = useMuteEveryone();
  return (
    <HostRow icon={<MicOff size={20} strokeWidth={1.75} />} onPress={muteEveryone}>
      {t("host.mute_all")}
    </HostRow>
  );
}

/** On a phone the same tools are a sheet, opened from More. */
function HostItem() {
  const t = useT();
  const { setOpen } = useSheet("host");
  if (!useMay("host")) return null;
  return (
    <MenuItem
      id="host"
      icon={<ShieldCheck size={20} strokeWidth={1.75} />}
      textValue={t("host.tools")}
      onAction={() => setOpen(true)}
    >
      {t("host.tools")}
    </MenuItem>
  );
}

function HostSheet() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("host");
  const isPhone = useForm() !== "desktop";
  return (
    <Sheet hasCross title={t("host.tools")} isOpen={isOpen && isPhone} onOpenChange={setOpen}>
      <Part of={toolsCode} props={{}} />
    </Sheet>
  );
}

/** Only while one is a host, so that the list of keys promises nobody else what it does not do. */
function HostKeys() {
  const muteEveryone = useMuteEveryone();
  useKey(muteAllKey, muteEveryone);
  return null;
}

function HostAsked() {
  const asked = useStore(askedAbout(useSession()));
  return asked && <Part of={dialogsCode} props={{}} />;
}

function Attendant() {
  const isHost = useMay("host");
  useToldOfMedia();
  useToldOfOneself();
  useAskedToShare();
  return (
    <>
      <HostAsked />
      <HostSheet />
      {isHost && <HostKeys />}
    </>
  );
}

/** The newest sentence maker, for what is told long after it was subscribed. */
function useLatest<T>(value: T): { readonly current: T } {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

/** H1 */
function useToldOfMedia(): void {
  const session = useSession();
  const latest = useLatest(useT());
  useEffect(
    () =>
      session.log.onEvent(({ feature, type, payload }) => {
        if (feature !== "meeting") return;
        const say = latest.current;
        if (type === "muted" && payload["participant"] === session.passage.join.participant) {
          const text = say(`host.${whatStopped(payload["source"])}`);
          announce(text, "assertive");
          const mayUndo = payload["source"] === "microphone" && session.you.get().may.includes("unmute");
          showToast({
            text,
            ...(mayUndo && {
              actions: [{ label: say("host.unmute"), run: () => session.media.setMicrophone(true) }],
            }),
          });
        }
        if (type === "locked")
          announce(say(payload["locked"] === true ? "host.said.locked" : "host.said.unlocked"));
        if (type === "stopped") announce(say("host.stopped"), "assertive");
      }),
    [session, latest],
  );
}

/** H1: whatever one may from now on, or no longer, is told in words and at once. */
function useToldOfOneself(): void {
  const session = useSession();
  const latest = useLatest(useT());
  useEffect(() => {
    let before = session.you.get();
    const meeting = session.log.of(meetingFeature);
    let wasStopped = meeting.get().stopped !== null;
    return session.you.subscribe(() => {
      const after = session.you.get();
      const isStopped = meeting.get().stopped !== null;
      const sentence = sentenceOf(before, after, isStopped || wasStopped);
      before = after;
      wasStopped = isStopped;
      if (sentence) showToast({ text: latest.current(sentence) });
    });
  }, [session, latest]);
}

/** S1, as hosts see it. */
function useAskedToShare(): void {
  const session = useSession();
  const latest = useLatest({ t: useT(), deed: useDeed() });
  useEffect(
    () =>
      session.log.onEvent(({ feature, type, payload }) => {
        if (feature !== "meeting" || type !== "asks_to_share") return;
        const { t: say, deed } = latest.current;
        const participant = String(payload["participant"]);
        const name = session.people.get().find(({ id }) => id === participant)?.name;
        if (name === undefined) return;
        const allow = { label: say("host.share.allow"), run: () => void allowShare() };
        const allowShare = (): Promise<boolean> => deed("let", { participant, may: { share: true } }, name);
        showToast({ text: say("host.share.asks", { name }), stays: true, actions: [allow] });
      }),
    [session, latest],
  );
}

function whatStopped(source: unknown): "stopped_your_video" | "stopped_your_share" | "muted_you" {
  if (source === "camera") return "stopped_your_video";
  return source === "screen_share" ? "stopped_your_share" : "muted_you";
}

/** A host may ask while the room is still being drawn. */
function attend(session: Session): () => void {
  askedOf(session);
  return () => undefined;
}

/** The gravest first. */
function Banners() {
  return (
    <>
      <StoppedBanner />
      <AskedBanner />
      <UnhostedBanner />
    </>
  );
}

export const feature: RoomFeature = {
  name: "host",
  attend,
  bar: [{ id: "host", group: "host", order: 10, Button: HostButton, More: HostItem, phone: "more" }],
  usePersonActions,
  hostTool: { order: 10, Part: MuteEveryone },
  banner: { order: 3, Part: Banners },
  Attendant,
};
