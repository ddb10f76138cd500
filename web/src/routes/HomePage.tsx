import { useEffect, useState } from "react";
import { useLocation } from "wouter";

import type { Invitation } from "../core/invitation/parse";
import { RETRY_MS } from "../core/journey/travel";
import { ServerDown } from "../features/errors/pages";
import { Home } from "../features/home/Home";

import { PageFrame } from "./PageFrame";
import { admissionOf, api, clock, isSecure, keyring, newSecret } from "./ports";

export function HomePage() {
  const [, navigate] = useLocation();
  const [starting, setStarting] = useState(false);
  /** When the server was last found not to answer; null while it does. */
  const [lastTry, setLastTry] = useState<number | null>(null);

  async function start() {
    setStarting(true);
    const secret = newSecret();
    const admission = await admissionOf(secret);
    const answer = admission ? await api.createMeeting({ admission }) : ({ kind: "unreachable" } as const);
    setStarting(false);
    if (answer.kind !== "ok") return setLastTry(clock.now());
    const { number, host_key: key, title } = answer.value;
    keyring.keepHost(number, { key, title });
    navigate(`/m/${number}#k=${secret}`);
  }

  function join(invitation: Exclude<Invitation, { kind: "elsewhere" }>) {
    const { number } = invitation;
    if (invitation.kind === "link") {
      navigate(invitation.secret ? `/m/${number}#k=${invitation.secret}` : `/m/${number}`);
    } else {
      keyring.keepPasscode(number, invitation.passcode ?? null);
      navigate(`/m/${number}`);
    }
  }

  if (lastTry !== null) return <Waiting lastTry={lastTry} onTry={setLastTry} />;
  return (
    <PageFrame>
      <Home
        origin={location.origin}
        secure={isSecure}
        starting={starting}
        onStart={() => void start()}
        onJoin={join}
      />
    </PageFrame>
  );
}

/** N9 until the server answers again. */
function Waiting({ lastTry, onTry }: { lastTry: number; onTry(when: number | null): void }) {
  async function tryNow() {
    const answer = await api.health();
    onTry(answer.kind === "ok" ? null : clock.now());
  }
  useEffect(() => clock.after(RETRY_MS, () => void tryNow()));
  return (
    <PageFrame>
      <ServerDown lastTry={lastTry} onRetry={() => void tryNow()} />
    </PageFrame>
  );
}
