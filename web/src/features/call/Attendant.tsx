import { useEffect, useRef } from "react";

import { isImeKey } from "../../core/keyboard";
import type { Trouble } from "../../core/meeting/media/state";
import { browserName, systemName } from "../../core/platform";
import { useT } from "../../i18n/react";
import { announce } from "../../ui/live";
import { useChangeLook, useLook, useMeeting, usePeople, useSession, useStore } from "../../ui/room/context";
import { keysAreOn, turnKeys, useKey } from "../../ui/room/keys";
import { showToast } from "../../ui/Toast";

import { keepAwake } from "./awake";
import { useChooseDevice } from "./HearingBanner";
import {
  barKeys,
  cameraKeys,
  microphoneKeys,
  regionBackKeys,
  regionKeys,
  shareKeys,
  viewKeys,
  whereKeys,
} from "./keys";
import { useShare } from "./share";
import { useMeetingTitle } from "./title";

/** Keys, words for the screen reader and what happened to one's devices. Draws nothing. */
export function Attendant() {
  useDeviceKeys();
  usePushToTalk();
  useStageKeys();
  useComings();
  useShares();
  useTroubles();
  useMutedWarning();
  useKeySwitch();
  useEffect(keepAwake, []);
  // The tab says which meeting it is, and to hosts how many stand at its door.
  const waiting = useMeeting().waiting.length;
  const title = `${useMeetingTitle()} · Folkmoot`;
  return <title>{waiting > 0 ? `(${waiting}) ${title}` : title}</title>;
}

function useDeviceKeys(): void {
  const t = useT();
  const session = useSession();
  const { media } = session;
  const { toggle: toggleShare } = useShare();
  useKey({
    id: "microphone",
    label: t("call.keys.microphone"),
    bindings: microphoneKeys,
    run: () => {
      const isOn = media.state.get().own.microphone;
      media.setMicrophone(!isOn);
      if (!isOn && !session.you.get().may.includes("unmute")) return;
      announce(t(isOn ? "call.said.muted" : "call.said.unmuted"), "assertive");
    },
  });
  useKey({
    id: "camera",
    label: t("call.keys.camera"),
    bindings: cameraKeys,
    run: () => {
      const isOn = media.state.get().own.camera;
      media.setCamera(!isOn);
      if (!isOn && !session.you.get().may.includes("video")) return;
      announce(t(isOn ? "call.said.camera_off" : "call.said.camera_on"), "assertive");
    },
  });
  useKey({
    id: "share",
    label: t("call.share.label"),
    bindings: shareKeys,
    run: toggleShare,
  });
}

const HELD_MS = 250;

/** Space held for a quarter of a second talks, when no control or field has the focus; a tap does nothing. */
function usePushToTalk(): void {
  const { media } = useSession();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isTalking = false;
    const stop = (): void => {
      clearTimeout(timer);
      timer = undefined;
      if (isTalking) media.setMicrophone(false);
      isTalking = false;
    };
    const down = (press: KeyboardEvent): void => {
      if (
        !keysAreOn() ||
        press.code !== "Space" ||
        isImeKey(press) ||
        press.ctrlKey ||
        press.altKey ||
        press.metaKey
      )
        return;
      if (!isFocusNowhere()) return;
      press.preventDefault();
      if (press.repeat || timer !== undefined || media.state.get().own.microphone) return;
      timer = setTimeout(() => {
        isTalking = true;
        media.setMicrophone(true);
      }, HELD_MS);
    };
    const up = (press: KeyboardEvent): void => {
      if (press.code === "Space") stop();
    };
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", stop);
    return () => {
      stop();
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", stop);
    };
  }, [media]);
}

/** On the stage as a whole the focus is on nothing that a key could mean. */
function isFocusNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.matches("main");
}

const nextView = { auto: "gallery", gallery: "speaker", speaker: "auto" } as const;

function useStageKeys(): void {
  const t = useT();
  const session = useSession();
  const { view } = useLook();
  const change = useChangeLook();
  const people = usePeople();
  const title = useMeetingTitle();
  const { locked } = useMeeting();
  useKey({
    id: "view",
    label: t("call.keys.view"),
    bindings: viewKeys,
    run: () => {
      change({ view: nextView[view] });
      announce(t(`call.view.${nextView[view]}`));
    },
  });
  useKey({ id: "bar", label: t("call.keys.bar"), bindings: barKeys, run: () => focusRegion("bar") });
  useKey({
    id: "regions",
    label: t("call.keys.regions"),
    bindings: regionKeys,
    run: () => focusNextRegion(1),
  });
  useKey({
    id: "regions-back",
    label: t("call.keys.regions_back"),
    bindings: regionBackKeys,
    run: () => focusNextRegion(-1),
  });
  useKey({
    id: "where",
    label: t("call.keys.where"),
    bindings: whereKeys,
    run: () => {
      const { own } = session.media.state.get();
      const speaking = session.media.levels.speaking;
      const talker = people.find(({ id, self }) => !self && speaking.includes(id));
      announce(
        t("call.said.where", {
          title,
          microphone: own.microphone ? "on" : "off",
          camera: own.camera ? "on" : "off",
          count: people.length,
          locked: locked ? "yes" : "no",
          talks: talker ? "yes" : "no",
          name: talker?.name ?? "",
        }),
        "assertive",
      );
    },
  });
}

const MANY = 10;

/** Joins and leaves are said politely; above ten people only how many there are. */
function useComings(): void {
  const t = useT();
  const session = useSession();
  const latest = useRef(t);
  useEffect(() => {
    latest.current = t;
  });
  useEffect(() => {
    let names = new Map(session.people.get().map(({ id, name }) => [id, name]));
    return session.log.onEvent((event) => {
      const before = names;
      names = new Map(session.people.get().map(({ id, name }) => [id, name]));
      if (event.feature !== "meeting" || (event.type !== "joined" && event.type !== "left")) return;
      const id = String(event.payload["id"]);
      if (id === session.passage.join.participant) return;
      const name = (event.type === "joined" ? names : before).get(id) ?? "";
      announce(
        names.size > MANY
          ? latest.current("call.people.count", { count: names.size })
          : latest.current(event.type === "joined" ? "call.said.joined" : "call.said.left", { name }),
      );
    });
  }, [session]);
}

function useTroubles(): void {
  const t = useT();
  const session = useSession();
  const line = useStore(session.line);
  const choose = { microphone: useChooseDevice("microphone"), camera: useChooseDevice("camera") };
  const latest = useRef({ t, choose });
  useEffect(() => {
    latest.current = { t, choose };
  });
  useEffect(
    () =>
      session.onTrouble((trouble) => {
        const say = latest.current.t;
        const { device, what, instead } = trouble;
        if (what === "talking") {
          const unmute = { label: say("call.talking.unmute"), run: () => session.media.setMicrophone(true) };
          showToast({ text: say("call.talking"), actions: [unmute] });
        } else if (what === "unplugged" && device !== "screen") {
          const label = say(instead ? "call.trouble.change" : "call.trouble.choose");
          const another = { label, run: () => latest.current.choose[device]() };
          showToast({ text: words(say, trouble), actions: [another], stays: !instead });
        } else showToast({ text: words(say, trouble), stays: what === "refused" });
      }),
    [session],
  );
  const before = useRef(line.kind);
  useEffect(() => {
    if (line.kind === before.current) return;
    before.current = line.kind;
    if (line.kind === "reconnecting") announce(t("call.line.reconnecting"), "assertive");
    if (line.kind === "back") announce(t("call.line.back", { s: line.seconds }), "assertive");
  }, [line, t]);
}

/** D9: the room's choice, carried to the microphone. */
function useMutedWarning(): void {
  const { media } = useSession();
  const { warnMuted } = useLook();
  useEffect(() => media.warnMuted(warnMuted), [media, warnMuted]);
}

function useKeySwitch(): void {
  const { shortcuts } = useLook();
  useEffect(() => {
    turnKeys(shortcuts);
    return () => turnKeys(true);
  }, [shortcuts]);
}

/** Who begins and who ends sharing. */
function useShares(): void {
  const t = useT();
  const people = usePeople();
  const sharers = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const before = sharers.current;
    const sharing = people.filter(({ screen, self }) => screen && !self);
    const now = new Map(sharing.map(({ id, name }) => [id, name]));
    sharers.current = now;
    for (const [id, name] of now) if (!before.has(id)) announce(t("call.share.of", { name }));
    for (const [id, name] of before) if (!now.has(id)) announce(t("call.said.share_over", { name }));
  }, [people, t]);
}

function words(t: ReturnType<typeof useT>, { device, what, label, instead }: Trouble): string {
  switch (what) {
    case "unplugged":
      return instead
        ? t("call.trouble.replaced", { old: label ?? "", new: instead })
        : t("call.trouble.unplugged", { device });
    case "talking":
      return t("call.talking");
    case "refused": {
      const { userAgent } = navigator;
      return t("call.trouble.refused", { os: systemName(userAgent), browser: browserName(userAgent) });
    }
    case "not_allowed":
      return t(`call.not_allowed.${device}`);
    case "blocked":
    case "none":
    case "busy":
    case "unknown":
      return t(`call.trouble.${what}`, { device });
  }
}

function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-region]")];
}

function focusRegion(name: string): void {
  const region = regions().find(({ dataset }) => dataset["region"] === name);
  firstStop(region)?.focus();
}

function focusNextRegion(by: 1 | -1): void {
  const all = regions();
  const found = all.findIndex((region) => region.contains(document.activeElement));
  const now = found < 0 && by < 0 ? 0 : found;
  for (let step = 1; step <= all.length; step += 1) {
    const stop = firstStop(all[(now + by * step + all.length) % all.length]);
    if (stop) {
      stop.focus();
      return;
    }
  }
}

function firstStop(region: HTMLElement | undefined): HTMLElement | null {
  return (
    region?.querySelector<HTMLElement>(
      "button:not([disabled]):not([tabindex='-1']), [tabindex='0'], textarea, input",
    ) ?? null
  );
}
