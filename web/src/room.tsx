import type { MeetingRoomProps } from "./core/journey/room";
import { browserEdges } from "./core/meeting/edges";
import { loadLiveKit } from "./core/meeting/media/livekit";
import { Session } from "./core/meeting/session";
import { Store } from "./core/store";
import { RoomLayout } from "./features/call/RoomLayout";
import { Stranded } from "./features/call/Stranded";
import { api, chooseLanguage, keyring, prefs } from "./routes/ports";
import { Fault } from "./ui/Fault";
import { type Room, type RoomLook, RoomProvider } from "./ui/room/context";
import type { RoomFeature } from "./ui/room/feature";

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
  room.session.start();
  return room;
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
  return {
    session: new Session(passage, logs, edges, onDeparture),
    look: new Store<RoomLook>({ panel: null, sheet: null, taken: null }),
    features,
    passcode: keyring.passcode(passage.join.meeting.number),
    prefs,
    setLanguage: chooseLanguage,
  };
}
