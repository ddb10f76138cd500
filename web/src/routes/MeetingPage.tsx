import { type ComponentType, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";

import type { AccountShown } from "../core/api/accounts";
import { Chunk } from "../core/chunk";
import type { DeviceStore } from "../core/devices/devices";
import { spellNumber } from "../core/invitation/parse";
import type { Journey } from "../core/journey/journey";
import { signInFor } from "../core/own-name";
import { ClosedDoor, JoinedElsewhere, ServerDown, TooOld, Unfetched } from "../features/errors/pages";
import { Prejoin } from "../features/lobby/Prejoin";
import { useT } from "../i18n/react";
import { Part } from "../ui/Part";
import { useStore } from "../ui/use-store";

import { doors, left } from "./doors";
import { Gated, gates } from "./gates";
import { Hears } from "./hears";
import { Looks } from "./looks";
import { mainAddress } from "./main-address";
import { PageFrame } from "./PageFrame";
import type { Params } from "./page";
import { askWho, call, clock, isSecure, keyring, me, prefs } from "./ports";
import { useSecret } from "./secret";
import { type Entered, Visit } from "./visit";
import type { WornProps } from "./worn";

/** How the meeting's organisation looks: nothing waits for it, and where it doesn't come nothing is missed. */
const worn = new Chunk<ComponentType<WornProps>>(() =>
  import("./worn").then(
    ({ Worn }) => Worn,
    () => () => null,
  ),
);

/** N1: after this long a person wants to be told that it goes on. */
const SLOW_MS = 4000;

export interface MeetingPageProps {
  number: string;
  secret: string | undefined;
}

/** Another meeting is another journey. The secret is read from the address; it stays there and goes nowhere. */
export function MeetingRoute({ params: { number = "" } }: { params: Params }) {
  const secret = useSecret() ?? keyring.secret(number);
  return <MeetingPage key={`${number} ${secret ?? ""}`} number={number} secret={secret} />;
}

/** J8. Its code comes only to who stands there. */
async function asked(number: string): Promise<boolean> {
  const { createCalendarApi } = await import("../core/api/calendar-client");
  return (await createCalendarApi(call).ask(number)).kind === "ok";
}

/** Its code comes only to who may begin no more. A guest has none, and isn't asked for. */
async function running() {
  if (me.get().at !== "in") return null;
  return (await import("../core/api/plans-client")).running(call);
}

/** `/m/<number>#k=<secret>`: prejoin → door → meeting → left, one route and one state machine. */
function MeetingPage({ number, secret }: MeetingPageProps) {
  const [visit] = useState(() => new Visit(number, secret));
  useEffect(() => visit.begin(), [visit]);
  useFrame(visit);
  const journey = useStore(visit.travel);
  const entered = useStore(visit.entered);
  const title = useTitle(number, journey);
  useArrival(journey);
  const of = { visit, number, secret };
  const mark = <Part of={worn} props={of} />;
  const line = <Part of={worn} props={{ ...of, line: true }} />;
  if (!("RTCPeerConnection" in window))
    return (
      <PageFrame>
        <TooOld />
      </PageFrame>
    );
  if (journey.at === "meeting" && entered) return <entered.MeetingRoom room={entered.room} />;
  if (journey.at === "waiting" && entered)
    return (
      <PageFrame footer={false} title={journey.told.title ?? ""} mark={mark}>
        {line}
        <Waiting entered={entered} journey={journey} />
      </PageFrame>
    );
  if (isBefore(journey))
    return (
      <PageFrame footer={false} title={title} mark={mark}>
        <Lobby visit={visit} number={number} secret={secret} title={title} />
      </PageFrame>
    );
  return (
    <PageFrame title={title} mark={mark}>
      {(journey.at === "early" || journey.at === "queued") && line}
      <Outside journey={journey} visit={visit} number={number} secret={secret} title={title} />
    </PageFrame>
  );
}

type Before = Extract<Journey, { at: "prejoin" | "joining" | "entering" | "waiting" | "meeting" }>;

/** The room before the room, also while one is let in and until the room is drawn. */
function isBefore(journey: Journey): journey is Before {
  return ["prejoin", "joining", "entering", "waiting", "meeting"].includes(journey.at);
}

function Waiting({ entered, journey }: { entered: Entered; journey: Extract<Journey, { at: "waiting" }> }) {
  const [, navigate] = useLocation();
  const { WaitingRoom, room } = entered;
  return <WaitingRoom room={room} told={journey.told} since={journey.since} onLeave={() => navigate("/")} />;
}

interface OutsideProps {
  journey: Exclude<Journey, Before>;
  visit: Visit;
  number: string;
  /** Came with an invitation: to them a door says more. */
  secret: string | undefined;
  title: string;
}

/** Whatever is one sentence and a way on. */
function Outside({ journey, visit, number, secret, title }: OutsideProps) {
  const t = useT();
  const { travel } = visit;
  const [, navigate] = useLocation();
  const ways = { onRetry: travel.back, onHome: () => navigate("/") };
  switch (journey.at) {
    case "closed":
      return <ClosedDoor {...ways} />;
    case "unreachable":
      return <ServerDown lastTry={journey.lastTry} onRetry={travel.tryNow} />;
    case "gated":
      return <Gated name={journey.gates[0]} gates={gates} travel={travel} />;
    case "queued":
    case "denied":
    case "early":
    case "barred":
      return (
        <Part
          of={doors}
          props={{
            journey,
            travel,
            onKnock: secret !== undefined ? (join) => visit.knock(join) : undefined,
            onHome: ways.onHome,
            onAsk: () => asked(number),
            onRunning: running,
            onPage: (meeting) => navigate(`/meetings/${meeting}`),
            onSignIn: () => {
              const main = mainAddress();
              if (main !== null) return location.assign(signInFor(number, secret, main));
              keyring.keepSecret(number, secret ?? null);
              navigate(`/signin?next=${encodeURIComponent(`/m/${number}`)}`);
            },
          }}
        />
      );
    case "unfetched":
      return <Unfetched {...ways} />;
    case "left": {
      const { reason, measured, again } = journey.departure;
      if (reason === "elsewhere") return <JoinedElsewhere onBack={travel.back} />;
      const name = title || t("lobby.meeting", { number: spellNumber(number) });
      return (
        <Part
          of={left}
          props={{
            ...journey,
            reason,
            measured,
            again,
            title: name,
            onRejoin: travel.back,
            onHome: ways.onHome,
          }}
        />
      );
    }
  }
}

/** In a frame of somebody's page: what the two say to each other is fetched there, and nowhere else. */
function useFrame(visit: Visit): void {
  useEffect(() => {
    if (window.parent === window) return undefined;
    const begun = import("./embedding").then(({ embedded }) => embedded(visit));
    return () => void begun.then((end) => end());
  }, [visit]);
}

/** Strangers are told no title: one's own meeting has one, and one that one was in. */
function useTitle(number: string, journey: Journey): string {
  return (journey.at === "left" && journey.title) || keyring.host(number)?.title || "";
}

/** Another page in the same place: who does not see it is brought to its beginning, and hears what it is. */
function useArrival(journey: Journey): void {
  const place = journey.at !== "waiting" && isBefore(journey) ? "before" : journey.at;
  const before = useRef(place);
  useEffect(() => {
    if (place === before.current) return;
    before.current = place;
    document.querySelector<HTMLElement>("#main")?.focus();
  }, [place]);
}

function Lobby({ visit, number, secret, title }: MeetingPageProps & { visit: Visit; title: string }) {
  const { travel } = visit;
  const journey = useStore(travel);
  const devices: DeviceStore = useStore(visit.devices);
  const { name } = useStore(prefs);
  const { account, unknown } = useSignedIn();
  const joining = journey.at !== "prejoin";
  const slow = useSlow(joining);
  const notice = journey.at === "prejoin" ? journey.notice : null;
  const knowsPasscode = keyring.passcode(number) !== undefined && notice?.field !== "passcode";
  const [wish, setWish] = useState(() => keyring.wish(number));
  const hostKey = useRef("");
  // An account alone opens the meetings that it is of; where it doesn't, a passcode may.
  const invited =
    secret !== undefined || keyring.rejoin(number) !== undefined || (account !== null && !visit.wasClosed);
  return (
    <Prejoin
      devices={devices}
      number={number}
      looks={
        <>
          <Looks devices={devices} />
          <Hears devices={devices} />
        </>
      }
      title={title}
      isHost={keyring.host(number) !== undefined}
      name={account?.name ?? name}
      isOwnName={account !== null}
      asksPasscode={!invited && !knowsPasscode && !unknown}
      canJoin={(secret === undefined || isSecure) && !unknown}
      joining={joining}
      slow={slow}
      notice={notice}
      waitingRoom={wish?.waitingRoom}
      onWaitingRoom={(waitingRoom) => {
        keyring.keepWish(number, { waitingRoom });
        setWish({ waitingRoom });
      }}
      onHostKey={(key) => {
        hostKey.current = key;
      }}
      onName={(wanted) => prefs.set({ name: wanted })}
      onJoin={(wanted, passcode) => {
        if (account === null) prefs.set({ name: wanted });
        if (passcode) keyring.keepPasscode(number, passcode);
        if (hostKey.current) keyring.keepHost(number, { key: hostKey.current, title });
        travel.join(wanted, passcode ?? keyring.passcode(number));
      }}
    />
  );
}

/** A guest waits for no answer. Whoever was signed in joins as who they are, however quick they are. */
function useSignedIn(): { account: AccountShown | null; unknown: boolean } {
  const who = useStore(me);
  const { signedIn } = useStore(prefs);
  useEffect(askWho, []);
  return { account: who.at === "in" ? who.account : null, unknown: signedIn && who.at === "unknown" };
}

function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return undefined;
    const takeBack = clock.after(SLOW_MS, () => setSlow(true));
    return () => {
      takeBack();
      setSlow(false);
    };
  }, [waiting]);
  return slow;
}
