import { startTransition, useEffect, useState } from "react";
import { useLocation } from "wouter";

import type { Answer, JoinResult } from "../core/api/types";
import { createDevices, type DeviceStore } from "../core/devices/devices";
import { Chunk } from "../core/chunk";
import { readSecret, spellNumber } from "../core/invitation/parse";
import { createTravel, type Travel } from "../core/journey/travel";
import type { Departure } from "../core/journey/room";
import { ClosedDoor, JoinedElsewhere, ServerDown, TooOld } from "../features/errors/pages";
import { Left } from "../features/left/Left";
import { Prejoin } from "../features/lobby/Prejoin";
import { openCatalog } from "../i18n/i18n";
import { useT } from "../i18n/react";
import { useStore } from "../ui/use-store";

import { admissionOf, api, clock, isSecure, keyring, prefs } from "./ports";
import { PageFrame } from "./PageFrame";
import type { Params } from "./table";

/** The room and its words, fetched while prejoin is shown. */
const roomCode = new Chunk(async () => {
  const [code] = await Promise.all([import("../room"), openCatalog("room")]);
  return code;
});
type RoomCode = Awaited<ReturnType<typeof roomCode.fetch>>;

interface Entered {
  MeetingRoom: RoomCode["MeetingRoom"];
  room: ReturnType<RoomCode["enterRoom"]>;
}

/** N1: after this long a person wants to be told that it goes on. */
const SLOW_MS = 4000;

export interface MeetingPageProps {
  number: string;
  secret: string | undefined;
}

/** Another meeting is another journey. The secret is read from the address; it stays there and goes nowhere. */
export function MeetingRoute({ params: { number = "" } }: { params: Params }) {
  const secret = useSecret();
  return <MeetingPage key={`${number} ${secret ?? ""}`} number={number} secret={secret} />;
}

/** Who pastes a full link over `/m/<number>` changes the hash alone, and means another way in. */
function useSecret(): string | undefined {
  const [secret, setSecret] = useState(() => readSecret(location.hash));
  useEffect(() => {
    const changed = (): void => setSecret((before) => readSecret(location.hash) ?? before);
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return secret;
}

/** `/m/<number>#k=<secret>`: prejoin → meeting → left, one route and one state machine. */
export function MeetingPage({ number, secret }: MeetingPageProps) {
  const [travel] = useState(() => createJourney(number, secret));
  const [devices, setDevices] = useState(openDevices);
  const [entered, setEntered] = useState<Entered | null>(null);
  const journey = useStore(travel);
  const [, navigate] = useLocation();
  const t = useT();
  const known = keyring.host(number);
  const title = (journey.at === "left" && journey.title) || known?.title || "";
  const home = () => navigate("/");

  useEffect(
    () =>
      enter(travel, devices, number, secret, setEntered, (departure) => {
        if (departure.reason !== "left" && departure.reason !== "unreachable")
          keyring.keepRejoin(number, null);
        setEntered(null);
        travel.departed(departure);
      }),
    [travel, devices, number, secret],
  );

  function back() {
    setDevices(openDevices());
    travel.back();
  }

  if (!("RTCPeerConnection" in window)) return <Framed page={<TooOld />} />;
  if (journey.at === "meeting" && entered) return <entered.MeetingRoom room={entered.room} />;
  switch (journey.at) {
    case "prejoin":
    case "joining":
    case "meeting": // inside, and not drawn yet
      return (
        <PageFrame footer={false} title={title}>
          <Lobby travel={travel} devices={devices} number={number} secret={secret} title={title} />
        </PageFrame>
      );
    case "closed":
      return <Framed page={<ClosedDoor onRetry={back} onHome={home} />} />;
    case "unreachable":
      return <Framed page={<ServerDown lastTry={journey.lastTry} onRetry={travel.tryNow} />} />;
    case "left": {
      const { reason, measured } = journey.departure;
      if (reason === "elsewhere") return <Framed page={<JoinedElsewhere onBack={back} />} />;
      const name = title || t("lobby.meeting", { number: spellNumber(number) });
      const page = (
        <Left {...journey} reason={reason} measured={measured} title={name} onRejoin={back} onHome={home} />
      );
      return <Framed page={page} />;
    }
  }
}

function Framed({ page }: { page: React.ReactNode }) {
  return <PageFrame>{page}</PageFrame>;
}

function Lobby({
  travel,
  devices,
  number,
  secret,
  title,
}: MeetingPageProps & { travel: Travel; devices: DeviceStore; title: string }) {
  const journey = useStore(travel);
  const { name } = useStore(prefs);
  const joining = journey.at !== "prejoin";
  const slow = useSlow(joining);
  const notice = journey.at === "prejoin" ? journey.notice : null;
  const knowsPasscode = keyring.passcode(number) !== undefined && notice?.field !== "passcode";
  const invited = secret !== undefined || keyring.rejoin(number) !== undefined;
  return (
    <Prejoin
      devices={devices}
      number={number}
      title={title}
      isHost={keyring.host(number) !== undefined}
      name={name}
      asksPasscode={!invited && !knowsPasscode}
      canJoin={secret === undefined || isSecure}
      joining={joining}
      slow={slow}
      notice={notice}
      onName={(wanted) => prefs.set({ name: wanted })}
      onJoin={(wanted, passcode) => {
        prefs.set({ name: wanted });
        if (passcode) keyring.keepPasscode(number, passcode);
        travel.join(wanted, passcode ?? keyring.passcode(number));
      }}
    />
  );
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

function createJourney(number: string, secret: string | undefined): Travel {
  // Derived while prejoin is shown: whoever presses Join has waited for it already.
  const admission = admissionOf(secret);
  return createTravel(
    number,
    async (passcode) => ({
      admission: await admission,
      passcode: secret === undefined ? passcode : undefined,
      host_key: keyring.host(number)?.key,
      rejoin: keyring.rejoin(number),
    }),
    { api, ...clock },
  );
}

function openDevices(): DeviceStore {
  const media = "mediaDevices" in navigator ? navigator.mediaDevices : undefined;
  return createDevices(media, prefs.get(), isSecure ? "unsupported" : "insecure");
}

/**
 * What happens beside the drawing: devices open with prejoin and are remembered from there, the room's code
 * is fetched meanwhile, and the tracks change hands when the door opens.
 */
function enter(
  travel: Travel,
  devices: DeviceStore,
  number: string,
  secret: string | undefined,
  show: (entered: Entered | (() => never)) => void,
  depart: (departure: Departure) => void,
): () => void {
  let isGone = false;
  let isInside = false;
  let close = () => devices.close();
  void devices.open();
  roomCode.preload(); // that it failed is told to whoever presses Join
  const forget = devices.subscribe(() => {
    const { microphone, camera, speaker } = devices.get();
    prefs.set({
      microphoneOn: microphone.on,
      cameraOn: camera.on,
      microphoneId: microphone.chosen,
      cameraId: camera.chosen,
      speakerId: speaker.chosen,
    });
  });

  async function rejoin(): Promise<Answer<JoinResult>> {
    const answer = await travel.renew();
    if (answer.kind === "ok") keyring.keepRejoin(number, answer.value.rejoin);
    return answer;
  }

  async function step(join: JoinResult): Promise<void> {
    const { enterRoom, MeetingRoom } = await roomCode.fetch();
    if (isGone) return;
    const media = devices.handOver();
    devices.close();
    const invitation = secret === undefined ? null : `${location.origin}/m/${number}#k=${secret}`;
    const room = enterRoom({ passage: { join, media, invitation, rejoin }, onDeparture: depart });
    close = () => room.session.close();
    // In pieces, between which the connection goes on.
    startTransition(() => show({ MeetingRoom, room }));
  }

  const unfollow = travel.subscribe(() => {
    const journey = travel.get();
    if (journey.at !== "meeting" || isInside) return;
    isInside = true;
    forget();
    keyring.keepRejoin(number, journey.join.rejoin);
    void step(journey.join).catch((error: unknown) =>
      show(() => {
        throw error; // where it is drawn: P3
      }),
    );
  });
  return () => {
    isGone = true;
    forget();
    unfollow();
    close();
  };
}
