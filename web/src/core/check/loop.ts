/**
 * Hear yourself: what the microphone gives goes to the server and comes back, as others get it, and is played here.
 *
 * Law: nothing is played while one speaks, or whoever has no headphones would hear it howl. What came is in this page's memory
 * until it was played, and nowhere else. Whatever happens it ends within its time, says what it found, and leaves nothing open.
 */
import type { LineCheck } from "../api/line";
import type { Answer } from "../api/types";
import { type LiveKit, loadLiveKit } from "../meeting/media/livekit";

import { MEDIA_WITHIN_MS, SIGNAL_WITHIN_MS, within } from "./line-edge";

export const SPEAKS_MS = 3000;

export type Stage = "connecting" | "speak" | "speak-here" | "plays";
export type Heard =
  | "heard"
  /** The microphone alone: it could not go by way of the server. */
  | "heard-here"
  /** It came back, and nothing was in it. */
  | "silent"
  | "no-microphone"
  /** Nothing came back. */
  | "blocked"
  | "refused"
  | "unreachable"
  /** It came back, and this browser doesn't play it. */
  | "unplayed";

type Room = InstanceType<LiveKit["Room"]>;
type Options = Parameters<Room["localParticipant"]["publishTrack"]>[1];

export interface LoopEdges {
  ask(): Promise<Answer<LineCheck>>;
  /** `wss://host` of this page. */
  url: string;
  after(ms: number, run: () => void): () => void;
  /** As it is sent to others; ours to stop. */
  microphone(): Promise<MediaStreamTrack>;
  /** Where no way leads by the server the microphone is heard all the same. In a call that would prove nothing. */
  orHere: boolean;
  /** How it is sent to others. */
  options: Options;
  recorder(track: MediaStreamTrack): Recorder;
  /** @returns whether anything was heard in it */
  hasSound(recording: Blob): Promise<boolean>;
  /** @returns whether it was played */
  play(recording: Blob, signal: AbortSignal): Promise<boolean>;
  load?: () => Promise<LiveKit>;
}

export interface Recorder {
  stop(): Promise<Blob>;
}

/** @param signal whoever closes it hears nothing more of it */
export async function hearYourself(
  edges: LoopEdges,
  tell: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<Heard> {
  tell("connecting");
  const track = await edges.microphone().catch(() => undefined);
  if (!track) return "no-microphone";
  let recording: Blob | Heard;
  let isHere = false;
  try {
    recording = await sentAndBack(edges, track, tell, signal);
    isHere = edges.orHere && typeof recording === "string";
    if (isHere) recording = await taken(edges, track, () => tell("speak-here"), signal);
  } finally {
    track.stop();
  }
  if (typeof recording === "string") return recording;
  if (!(await edges.hasSound(recording))) return "silent";
  if (signal.aborted) return "unplayed";
  tell("plays");
  if (!(await edges.play(recording, signal))) return "unplayed";
  return isHere ? "heard-here" : "heard";
}

async function sentAndBack(
  edges: LoopEdges,
  track: MediaStreamTrack,
  tell: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<Blob | Heard> {
  const { ask, load = loadLiveKit, after } = edges;
  const [answer, livekit] = await Promise.all([ask(), load().catch(() => undefined)]);
  if (answer.kind === "refused") return "refused";
  if (answer.kind === "unreachable" || !livekit) return "unreachable";
  const [mouth, ear] = [
    new livekit.Room({ stopLocalTrackOnUnpublish: false }),
    new livekit.Room({ adaptiveStream: false }),
  ];
  try {
    const came = arrival(ear, livekit);
    const both = connect(edges, { mouth, ear, livekit }, track, answer.value);
    const [back] = await within(MEDIA_WITHIN_MS, after, Promise.all([came, both]));
    return await taken(edges, back, () => tell("speak"), signal);
  } catch {
    return "blocked";
  } finally {
    for (const room of [mouth, ear]) void room.disconnect(true).catch(() => undefined);
  }
}

function arrival(ear: Room, { RoomEvent }: LiveKit): Promise<MediaStreamTrack> {
  return new Promise((come) => {
    ear.once(RoomEvent.TrackSubscribed, ({ mediaStreamTrack }) => come(mediaStreamTrack));
  });
}

async function connect(
  { url, options }: LoopEdges,
  { mouth, ear, livekit }: { mouth: Room; ear: Room; livekit: LiveKit },
  track: MediaStreamTrack,
  tickets: LineCheck,
): Promise<void> {
  const how = {
    maxRetries: 0,
    websocketTimeout: SIGNAL_WITHIN_MS,
    peerConnectionTimeout: MEDIA_WITHIN_MS,
  };
  await Promise.all([mouth.connect(url, tickets.token, how), ear.connect(url, tickets.ear, how)]);
  await mouth.localParticipant.publishTrack(track, {
    ...options,
    source: livekit.Track.Source.Microphone,
    red: false,
  });
}

async function taken(
  { recorder, after }: LoopEdges,
  back: MediaStreamTrack,
  begun: () => void,
  signal: AbortSignal,
): Promise<Blob> {
  const recording = recorder(back);
  begun();
  await new Promise<void>((done) => {
    after(signal.aborted ? 0 : SPEAKS_MS, done);
    signal.addEventListener("abort", () => done(), { once: true });
  });
  return recording.stop();
}
