import type { Voice } from "./core/check/hear";
import { createHostingApi } from "./core/api/hosting-client";
import { openDesk } from "./core/invitation/personal";
import type { MeetingRoomProps } from "./core/journey/room";
import { browserEdges } from "./core/meeting/edges";
import { loadLiveKit } from "./core/meeting/media/livekit";
import type { OwnTracks } from "./core/meeting/own/own";
import { Session } from "./core/meeting/session";
import { CameraButton, MicrophoneButton } from "./features/call/OwnButtons";
import { Picture } from "./features/call/Picture";
import { Store } from "./core/store";
import { RoomLayout } from "./features/call/RoomLayout";
import { Stranded } from "./features/call/Stranded";
import { Troubles } from "./features/call/Troubles";
import { WaitingPage, type WaitingPageProps } from "./features/waiting/WaitingPage";
import {
  admissionOf,
  api,
  call,
  chooseLanguage,
  effects,
  followTaste,
  noiseFilter,
  keyring,
  newSecret,
  prefs,
  processor,
  send,
} from "./routes/ports";
import { hearDialog, hearer } from "./routes/hears";
import { i18n } from "./i18n/i18n";
import { Fault } from "./ui/Fault";
import { type Room, type RoomLook, RoomProvider } from "./ui/room/context";
import type { RoomFeature } from "./ui/room/feature";
import { showToast } from "./ui/Toast";

// This file comes while prejoin is shown; so the media library is there, read and ready, before Join is pressed.
loadLiveKit().catch(() => undefined); // tried again once one is in

/** Every folder with a `room.tsx` takes part: to add a capability touches its own folder and nothing here. */
const found = import.meta.glob<{ feature: RoomFeature }>("./features/*/room.tsx", { eager: true });
const features: readonly RoomFeature[] = Object.values(found).map(({ feature }) => feature);

/**
 * Enters the meeting: from here on the room connects, whether it is drawn yet or not. Drawing takes longer than a
 * connection's first step, and while it is drawn the connection goes on.
 */
export function enterRoom(props: MeetingRoomProps): Room {
  const { onDeparture, passage } = props;
  const stops: (() => void)[] = [];
  const room = openRoom({
    passage,
    onDeparture(departure) {
      for (const stop of stops) stop();
      onDeparture(departure);
    },
  });
  // Before anything is heard of the meeting, so that a feature misses nothing, however late it is drawn.
  stops.push(...features.flatMap(({ attend }) => attend?.(room.session) ?? []));
  const { media } = room.session;
  const { own } = media;
  stops.push(followSound(own));
  stops.push(followTaste({ remade: () => own.processCamera(processor()), liked: () => media.liked() }));
  room.session.start();
  return room;
}

/** What its owner changes of their sound takes effect at once. @returns what ends it */
function followSound(own: OwnTracks): () => void {
  const filter = noiseFilter(
    () => own.processMicrophone(undefined),
    () => showToast({ text: i18n._("sound.impossible") }),
  );
  let [made, { originalSound }] = [filter(), prefs.get()];
  if (made) own.processMicrophone(made);
  return prefs.subscribe(() => {
    const [next, chosen] = [filter(), prefs.get()];
    const asksAnew = chosen.originalSound !== originalSound;
    if (next !== made || asksAnew) own.processMicrophone(next, asksAnew);
    [made, originalSound] = [next, chosen.originalSound];
  });
}

/** The meeting room: the one place where the features of a meeting meet. */
export function MeetingRoom({ room }: { room: Room }) {
  return (
    <RoomProvider room={room}>
      <Fault instead={stranded}>
        <RoomLayout />
      </Fault>
    </RoomProvider>
  );
}

/** Outside the room, with the session that leads into it: so nothing is asked again when one is let in. */
export function WaitingRoom({ room, told, since, onLeave }: WaitingRoomProps) {
  const { participant } = room.session.passage.join;
  return (
    <RoomProvider room={room}>
      <Troubles />
      <WaitingPage
        told={told}
        since={since}
        onLeave={onLeave}
        picture={<Picture person={participant} source="camera" shown />}
        controls={
          <>
            <MicrophoneButton />
            <CameraButton />
          </>
        }
      />
    </RoomProvider>
  );
}

export interface WaitingRoomProps extends Pick<WaitingPageProps, "told" | "since" | "onLeave"> {
  room: Room;
}

function stranded(again: () => void) {
  return <Stranded onAgain={again} />;
}

function openRoom({ passage, onDeparture }: MeetingRoomProps): Room {
  const logs = features.flatMap(({ log }) => log ?? []);
  const edges = {
    ...browserEdges(),
    isServerThere: async () => (await api.health()).kind !== "unreachable",
    onPageGone: (gone: () => void) => {
      addEventListener("pagehide", gone);
      return () => removeEventListener("pagehide", gone);
    },
    socketOrigin: () => location.origin.replace(/^http/, "ws"),
  };
  const { number } = passage.join.meeting;
  const hosting = createHostingApi(send);
  const hostKey = new Store(keyring.host(number)?.key);
  const session = new Session(passage, logs, edges, onDeparture);
  return {
    session,
    look: new Store<RoomLook>({ panel: null, sheet: null, taken: null }),
    links: openDesk({
      api: hosting,
      number,
      origin: location.origin,
      token: () => session.token,
      newSecret,
      admissionOf,
    }),
    calendar: async () => (await import("./core/api/calendar-client")).createCalendarApi(call),
    plans: async (limit) =>
      prefs.get().signedIn ? (await import("./core/api/plans-client")).widerPlans(call, number, limit) : null,
    features,
    passcode: keyring.passcode(number),
    hostKey,
    async replaceHostKey() {
      const answer = await hosting.replaceHostKey(number, session.token);
      if (answer.kind !== "ok") return false;
      keyring.keepHost(number, { key: answer.value.host_key, title: passage.join.meeting.title });
      hostKey.set(answer.value.host_key);
      return true;
    },
    prefs,
    hearYourself: hearer(voiceOf(session.media.own), false),
    hearDialog,
    effects,
    setLanguage: chooseLanguage,
  };
}

/** What others get, where they get anything. */
function voiceOf(own: OwnTracks): Voice {
  return {
    track: () => (own.state.get().microphone ? (own.microphone ?? null) : null),
    microphoneId: () => own.state.get().microphoneId,
    speakerId: () => own.state.get().speakerId,
  };
}
