/** Somebody rings: said on every open page of who is signed in, by one connection of the whole browser. */
import { useEffect } from "react";
import { useLocation } from "wouter";

import { createCalendarApi, type Ring } from "../core/api/calendar-client";
import { createCall } from "../core/api/call";
import { listenForRings, showRing } from "../core/calendar/ringing";
import { timeOfDay } from "../core/times";
import { useT } from "../i18n/react";
import { showToast } from "../ui/Toast";

import { clock, me } from "./ports";

/** Longer than the server keeps one waiting. */
const PATIENT_MS = 40_000;
const NAME = "folkmoot.rings";

const patient = createCall((path, request) =>
  fetch(path, { ...request, signal: AbortSignal.timeout(PATIENT_MS) }),
);
const edges = {
  api: createCalendarApi(me.heard(patient)),
  now: clock.now,
  wait: (ms: number) => new Promise<void>((wake) => void clock.after(ms, wake)),
};

export function Rings() {
  const t = useT();
  const [, navigate] = useLocation();
  useEffect(() => {
    const say = (id: "meetings.rings" | "meetings.rang", { by, title, number, at }: Ring) =>
      showToast({
        text: t(id, { by, titled: title === "" ? "no" : "yes", title, time: timeOfDay(at) }),
        stays: true,
        actions: [{ label: t("meetings.join"), run: () => navigate(`/m/${number}`) }],
      });
    const screen = {
      rings: (ring: Ring) => say("meetings.rings", ring),
      missed: (ring: Ring) => void say("meetings.rang", ring),
      isThere: ({ number }: Ring) => location.pathname === `/m/${number}`,
    };
    const ringing = (ring: Ring): void => showRing(ring, screen, clock.now(), clock.after);
    return inOnePage(ringing);
  }, [t, navigate]);
  return null;
}

/** The page that has the lock listens and tells the others; where there are no locks each listens. */
function inOnePage(ringing: (ring: Ring) => void): () => void {
  const others = new BroadcastChannel(NAME);
  others.addEventListener("message", ({ data }) => ringing(data as Ring));
  const tell = (ring: Ring): void => {
    ringing(ring);
    // A channel reaches pages of this origin alone.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    others.postMessage(ring);
  };
  const ended = new AbortController();
  const listen = () =>
    new Promise<void>((done) => {
      const stop = listenForRings(edges, tell);
      ended.signal.addEventListener("abort", () => {
        stop();
        done();
      });
    });
  if ("locks" in navigator)
    navigator.locks.request(NAME, { signal: ended.signal }, listen).catch(() => undefined);
  else void listen();
  return () => {
    ended.abort();
    others.close();
  };
}
