/**
 * Tries the line as a call would use it: the same library, the same server, a track of sound; nobody is there to hear it.
 *
 * Law: whatever happens it ends within its time, says what it found, and leaves nothing open. First as a browser would
 * connect by itself; where that is by UDP, once more by TCP alone, so that one learns whether there is a second way.
 */
import { audioContext } from "../devices/meter";
import type { Answer } from "../api/types";
import type { LineCheck } from "../api/line";
import { type LiveKit, loadLiveKit } from "../meeting/media/livekit";

import { type LineFound, type Paths, pathOf, type Report } from "./line";

/** Losses are reported every few seconds: shorter, and there would be none. */
const WATCHED_MS = 5000;
export const SIGNAL_WITHIN_MS = 10_000;
export const MEDIA_WITHIN_MS = 15_000;

type Room = InstanceType<LiveKit["Room"]>;

export interface LineEdges {
  /** A ticket to a room of one's own. */
  ask(): Promise<Answer<LineCheck>>;
  /** `wss://host` of this page. */
  url: string;
  after(ms: number, run: () => void): () => void;
  load?: () => Promise<LiveKit>;
  /** A track that is always sending something. */
  sound?: () => { track: MediaStreamTrack; stop(): void };
}

export async function tryLine({
  ask,
  url,
  after,
  load = loadLiveKit,
  sound = hum,
}: LineEdges): Promise<LineFound> {
  const [answer, livekit] = await Promise.all([ask(), load().catch(() => undefined)]);
  if (answer.kind === "refused")
    return { at: "refused", retryAfterS: seconds(answer.refusal.params["retry_after_s"]) };
  if (answer.kind === "unreachable" || !livekit) return { at: "unreachable" };
  const room = new livekit.Room({ stopLocalTrackOnUnpublish: false });
  const source = sound();
  try {
    return await tried({ room, livekit, after, track: source.track }, url, answer.value.token);
  } finally {
    source.stop();
    void room.disconnect(true).catch(() => undefined);
  }
}

interface Trial {
  room: Room;
  livekit: LiveKit;
  after: LineEdges["after"];
  track: MediaStreamTrack;
}

async function tried(trial: Trial, url: string, token: string): Promise<LineFound> {
  const { room, livekit, after } = trial;
  let hasSignal = false;
  room.on(livekit.RoomEvent.SignalConnected, () => {
    hasSignal = true;
  });
  const paths: Paths = { udp: null, tcp: null };
  try {
    await within(MEDIA_WITHIN_MS + SIGNAL_WITHIN_MS, after, begin(trial, url, token));
    Object.assign(paths, await watched(trial));
    if (paths.udp && !paths.tcp) paths.tcp = (await byTcp(trial)).tcp;
  } catch {
    if (!hasSignal) return { at: "no-signal" };
  }
  return { at: "tried", ...paths };
}

async function begin({ room, livekit, track }: Trial, url: string, token: string): Promise<void> {
  await room.connect(url, token, {
    maxRetries: 0,
    websocketTimeout: SIGNAL_WITHIN_MS,
    peerConnectionTimeout: MEDIA_WITHIN_MS,
  });
  // Quiet stretches are sent as well: what isn't sent can't be lost.
  await room.localParticipant.publishTrack(track, {
    source: livekit.Track.Source.Microphone,
    dtx: false,
    red: false,
  });
}

/** Once more, with UDP left out. That it doesn't come back is an answer. */
async function byTcp(trial: Trial): Promise<Paths> {
  const { room, livekit, after } = trial;
  const back = new Promise<void>((done) => void room.once(livekit.RoomEvent.Reconnected, () => done()));
  try {
    await within(MEDIA_WITHIN_MS, after, Promise.all([back, room.simulateScenario("force-tcp")]));
    return await watched(trial);
  } catch {
    return { udp: null, tcp: null };
  }
}

/** What the statistics say after some seconds. */
async function watched({ room, after }: Trial): Promise<Paths> {
  await new Promise<void>((done) => void after(WATCHED_MS, done));
  const paths: Paths = { udp: null, tcp: null };
  const { protocol, leg } = pathOf(await reportsOf(room));
  if (protocol) paths[protocol] = leg;
  return paths;
}

async function reportsOf(room: Room): Promise<Report[]> {
  const [publication] = room.localParticipant.trackPublications.values();
  const stats = await publication?.track?.sender?.getStats();
  return stats ? [...(stats as unknown as Map<string, Report>).values()] : [];
}

export async function within<T>(ms: number, after: LineEdges["after"], work: Promise<T>): Promise<T> {
  let takeBack = (): void => undefined;
  const late = new Promise<never>((_, fail) => {
    takeBack = after(ms, () => fail(new Error("no answer in time")));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    takeBack();
  }
}

function seconds(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** Made on this device, too soft to hear; no microphone is asked for. */
function hum(): { track: MediaStreamTrack; stop(): void } {
  const audio = audioContext();
  const out = audio.createMediaStreamDestination();
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  gain.gain.value = 0.01;
  tone.connect(gain).connect(out);
  tone.start();
  const [track] = out.stream.getAudioTracks();
  if (!track) throw new Error("a destination without a track");
  return {
    track,
    stop() {
      tone.stop();
      track.stop();
    },
  };
}
