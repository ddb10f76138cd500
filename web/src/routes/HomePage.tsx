import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import type { Refusal } from "../core/api/types";
import { RETRY_MS } from "../core/journey/travel";
import { ServerDown } from "../features/errors/pages";
import { Home, type HomeProps } from "../features/home/Home";
import { Part } from "../ui/Part";
import { useStore } from "../ui/use-store";

import { announced, inside } from "./page";
import { PageFrame } from "./PageFrame";
import { admissionOf, api, askWho, clock, isSecure, keyring, me, newSecret, prefs, wayIn } from "./ports";

/** Who makes a meeting with one press has thought of no settings yet: guests wait. */
const PRESET = "careful";

const dashboard = inside("calendar", async () => (await import("./calendar")).DashboardRoute);

/** Whoever was signed in here isn't shown the strangers' page first; nobody else waits for an answer. */
export function HomeRoute() {
  const { at } = useStore(me);
  const { signedIn } = useStore(prefs);
  useEffect(askWho, [signedIn]);
  if (at === "in" || at === "lost") return <Part of={dashboard} props={{ params: {} }} />;
  return <PageFrame isHome>{at === "unknown" && signedIn ? null : <Start />}</PageFrame>;
}

function Start() {
  const [, navigate] = useLocation();
  const [starting, setStarting] = useState(false);
  const [refused, setRefused] = useState<HomeProps["refused"]>(null);
  /** When the server was last found not to answer; null while it does. */
  const [lastTry, setLastTry] = useState<number | null>(null);

  async function start() {
    setStarting(true);
    setRefused(null);
    const secret = newSecret();
    const admission = await admissionOf(secret);
    const answer = admission
      ? await api.createMeeting({ admission, preset: PRESET })
      : ({ kind: "unreachable" } as const);
    setStarting(false);
    if (answer.kind === "unreachable") return setLastTry(clock.now());
    if (answer.kind === "refused") return setRefused(whenAgain(answer.refusal));
    const { number, host_key: key, title } = answer.value;
    keyring.keepHost(number, { key, title });
    keyring.keepWish(number, { waitingRoom: true });
    navigate(`/m/${number}#k=${secret}`);
  }

  if (lastTry !== null) return <Waiting lastTry={lastTry} onTry={setLastTry} />;
  return (
    <Home
      origin={location.origin}
      secure={isSecure}
      starting={starting}
      refused={refused}
      above={<Part of={announced} props={{}} />}
      onStart={() => void start()}
      onJoin={(invitation) => navigate(wayIn(invitation))}
    />
  );
}

/** When another try may do, as a time, which stays true while one reads; undefined where nobody knows. */
function whenAgain({ params }: Refusal): NonNullable<HomeProps["refused"]> {
  const wait = params["retry_after_s"];
  return { retryAt: typeof wait === "number" ? clock.now() + 1000 * wait : undefined };
}

/** N9 until the server answers again. */
function Waiting({ lastTry, onTry }: { lastTry: number; onTry(when: number | null): void }) {
  async function tryNow() {
    const answer = await api.health();
    onTry(answer.kind === "ok" ? null : clock.now());
  }
  useEffect(() => clock.after(RETRY_MS, () => void tryNow()));
  return <ServerDown lastTry={lastTry} onRetry={() => void tryNow()} />;
}
