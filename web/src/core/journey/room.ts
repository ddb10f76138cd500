/**
 * The seam between the journey (prejoin → meeting → left) and the meeting room.
 *
 * The room is `src/room.tsx` (the one place where call, chat, people, reactions and host meet, since features do not
 * import each other), loaded while prejoin is shown. `enterRoom` gets a `Passage` and connects at once; what it
 * returns is drawn as soon as there is time. It calls `onDeparture` exactly once, after it has stopped every track and closed every
 * connection. It never navigates and never shows a page of its own for the end: the journey does.
 */
import type { Json } from "../api/channel";
import type { Answer, JoinResult } from "../api/types";
import type { Held, Processor } from "../devices/held";
import type { Taste } from "../devices/wish";

/** What prejoin hands over. The room owns the tracks from then on: it publishes or stops them. */
export interface Handover {
  /** Live and enabled, or null. Null with `microphoneOn` means: not open yet, open it yourself. */
  microphone: MediaStreamTrack | null;
  /** What is shown and sent of it, with what the camera gives. */
  camera: Held | null;
  microphoneOn: boolean;
  cameraOn: boolean;
  /** Chosen device ids; null is the system's choice. */
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
  /** What is made of the camera's picture, from the first moment on. */
  processor?: Processor | undefined;
  /** How their owner likes the devices, whenever one is opened. */
  taste?: (() => Taste) | undefined;
}

export interface Passage {
  join: JoinResult;
  media: Handover;
  /** The full link with its secret, for "Copy invitation"; null for people who came by number. */
  invitation: string | null;
  /** A fresh ticket with the same identity, for when the room has lost its own (a restarted server). */
  rejoin(): Promise<Answer<JoinResult>>;
}

/** What who waits is told. */
export interface Waiting {
  /** J11, J12, J16, J17. */
  reason: "waiting" | "no_host" | "sent" | "link_in_use";
  /** One line from the hosts, to all who wait; often empty. */
  line: string;
  /** Where the hosts show it. */
  title: string | null;
  host: string | null;
}

/**
 * Where one stands at the meeting's own door, as the channel says (`Session.entry`). From `denied` without `againMs`
 * on the session is over: it has closed everything, and no departure is told.
 */
export type Entry =
  | { at: "entering" }
  /** Many come at once; the place gets smaller. */
  | { at: "queued"; place: number }
  /** In the waiting room: nothing is heard or seen of the meeting, and nothing is sent to it. */
  | ({ at: "waiting" } & Waiting)
  /** Stays so while the line is broken: what is told then is the line. */
  | { at: "in" }
  /** Asked again by itself after `againMs`; undefined = never. */
  | { at: "denied"; code: string; params: Readonly<Record<string, Json>>; againMs: number | undefined };

export type DepartureReason =
  | "left" // by oneself
  | "removed" // by a host
  | "ended" // for everyone
  | "over" // likewise, since no meeting here lasts longer
  | "elsewhere" // the same person joined on another device
  | "unreachable"; // we could not reconnect, and the person gave up

/** What one's own line did meanwhile. */
export interface Measured {
  outages: number;
  lostMs: number;
  weakMs: number;
}

export interface Departure {
  reason: DepartureReason;
  /** J15: whoever was removed may come to the waiting room again. */
  again?: boolean;
  /** J15: when it was done, where the meeting says so; ISO 8601. */
  when?: string;
  measured?: Measured;
}

export interface MeetingRoomProps {
  passage: Passage;
  onDeparture(departure: Departure): void;
}
