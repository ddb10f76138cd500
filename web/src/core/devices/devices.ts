/**
 * Opens and closes the microphone and the camera before a meeting.
 *
 * Law: a track that is open here is either shown to its owner or handed over; `close()` stops the rest,
 * also one that the browser hands out after we stopped waiting for it. Turning a device off releases it. What is shown is
 * what would be sent: a picture of which something is made on this device is made here already.
 */
import type { Handover } from "../journey/room";
import { type Readable, Store } from "../store";

import { asItIs, type Held, type Processor } from "./held";
import {
  evolve,
  initialDevices,
  readFailure,
  type Choice,
  type Device,
  type DeviceEvent,
  type Devices,
  type Failure,
  type Kind,
  type Remembered,
} from "./state";
import { cameraWish, microphoneWish, type Taste, usual } from "./wish";

export type MediaPort = Pick<
  MediaDevices,
  "getUserMedia" | "enumerateDevices" | "addEventListener" | "removeEventListener"
>;

export interface DeviceStore extends Readable<Devices> {
  /** The open track, for the preview and the level meter. */
  track(kind: Kind): MediaStreamTrack | null;
  /** Asks for what is wanted, in one prompt if possible. */
  open(): Promise<void>;
  turn(kind: Kind, on: boolean): Promise<void>;
  choose(kind: Kind | "speaker", id: string | null): Promise<void>;
  /** Gives the tracks away; after that they are no longer ours to stop. */
  handOver(): Handover;
  /** Something else is made of the camera's picture from now on. */
  remake(): Promise<void>;
  /** What is liked of a picture has changed. */
  liked(): Promise<void>;
  close(): void;
}

export interface Liking {
  taste?: () => Taste;
  /** What is made of the camera's picture; undefined = it is shown as it is. */
  processor?: () => Processor | undefined;
}

/** @param media undefined where the browser gives none: then `absent` says why. */
export function createDevices(
  media: MediaPort | undefined,
  remembered: Remembered,
  absent: Failure = "insecure",
  { taste = () => usual, processor = () => undefined }: Liking = {},
): DeviceStore {
  const devices = new Store(initialDevices(remembered));
  const { get, subscribe } = devices;
  const open: Record<Kind, Held | null> = { microphone: null, camera: null };
  /** Grows with every request and release of a device; an answer to an older one is no longer wanted. */
  const turns: Record<Kind, number> = { microphone: 0, camera: 0 };

  function tell(event: DeviceEvent): void {
    devices.set(evolve(get(), event));
  }

  function release(kind: Kind): void {
    turns[kind] += 1;
    stop(open[kind]);
    open[kind] = null;
    tell({ type: "released", kind });
  }

  async function request(kinds: readonly Kind[]): Promise<void> {
    if (kinds.length === 0) return;
    const asked = kinds.map((kind) => {
      turns[kind] += 1;
      tell(media ? { type: "asking", kind } : { type: "failed", kind, status: absent });
      return [kind, turns[kind]] as const;
    });
    if (!media) return;
    try {
      const stream = await media.getUserMedia(constraints(get(), kinds, taste()));
      await Promise.all(asked.map(([kind, turn]) => take(kind, turn, trackOf(stream, kind))));
    } catch (error) {
      // One refusal for two devices does not say whose it was.
      if (kinds.length > 1) await Promise.all(kinds.map((kind) => request([kind])));
      else for (const [kind, turn] of asked) fail(kind, turn, error);
    }
    await list();
  }

  async function take(kind: Kind, turn: number, raw: MediaStreamTrack | undefined): Promise<void> {
    if (!raw) return fail(kind, turn, new DOMException("no track", "NotFoundError"));
    const by = kind === "camera" ? processor() : undefined;
    const held = by ? await made(by, raw) : asItIs([raw]);
    if (turn !== turns[kind]) return stop(held);
    stop(open[kind]);
    open[kind] = held;
    raw.addEventListener("ended", () => {
      if (open[kind] === held) void retry(kind);
    });
    tell({ type: "opened", kind, label: raw.label });
  }

  function fail(kind: Kind, turn: number, error: unknown): void {
    if (turn !== turns[kind]) return;
    tell({ type: "failed", kind, status: readFailure(error) });
  }

  async function retry(kind: Kind): Promise<void> {
    release(kind);
    if (get()[kind].on) await request([kind]);
  }

  async function list(): Promise<void> {
    if (!media) return;
    const found = await media.enumerateDevices().catch(() => []);
    tell({
      type: "listed",
      microphones: choices(found, "audioinput"),
      cameras: choices(found, "videoinput"),
      speakers: choices(found, "audiooutput"),
    });
  }

  /** D4: whoever plugs in what was missing need not press anything. */
  async function plugged(): Promise<void> {
    await list();
    const wanted = (["microphone", "camera"] as const).filter(
      (kind) => get()[kind].on && ["missing", "busy"].includes(get()[kind].status),
    );
    await request(wanted);
  }

  const onPlugged = () => void plugged();
  media?.addEventListener("devicechange", onPlugged);

  return {
    get,
    subscribe,
    track: (kind) => open[kind]?.tracks[0] ?? null,
    async open() {
      const wanted = (["microphone", "camera"] as const).filter((kind) => get()[kind].on && !open[kind]);
      await Promise.all([list(), request(wanted)]);
    },
    async turn(kind, on) {
      tell({ type: "wanted", kind, on });
      if (on) await request([kind]);
      else release(kind);
    },
    async choose(kind, id) {
      tell({ type: "chosen", kind, id });
      if (kind !== "speaker" && get()[kind].on) await request([kind]);
    },
    handOver() {
      const { microphone, camera, speaker } = get();
      const given = { microphone: open.microphone?.raws[0] ?? null, camera: open.camera };
      open.microphone = null;
      open.camera = null;
      return {
        ...given,
        microphoneOn: microphone.on && (given.microphone !== null || isStarting(microphone)),
        cameraOn: camera.on && (given.camera !== null || isStarting(camera)),
        microphoneId: microphone.chosen,
        cameraId: camera.chosen,
        speakerId: speaker.chosen,
        processor: processor(),
        taste,
      };
    },
    async remake() {
      const raw = open.camera?.raws[0]?.clone();
      if (!raw || get().camera.status !== "live") return raw?.stop();
      turns.camera += 1;
      await take("camera", turns.camera, raw);
    },
    async liked() {
      const wish = cameraWish(get().camera.chosen, taste());
      await open.camera?.raws[0]?.applyConstraints(wish).catch(() => undefined);
    },
    close() {
      media?.removeEventListener("devicechange", onPlugged);
      release("microphone");
      release("camera");
    },
  };
}

/** On its way, and nobody is asked: browsers name only what they were allowed before. Then the meeting opens it. */
function isStarting({ status, choices: named }: Device): boolean {
  return status === "asking" && named.length > 0;
}

/** Before the meeting nobody sees it but its owner: where nothing can be made of it, it is shown as it is, and that is said. */
async function made(by: Processor, raw: MediaStreamTrack): Promise<Held> {
  try {
    return { raws: [raw], ...(await by([raw])) };
  } catch {
    return asItIs([raw]);
  }
}

function stop(held: Held | null): void {
  for (const track of [...(held?.raws ?? []), ...(held?.tracks ?? [])]) track.stop();
  held?.stop();
}

function constraints(state: Devices, kinds: readonly Kind[], taste: Taste): MediaStreamConstraints {
  return {
    audio: kinds.includes("microphone") && microphoneWish(state.microphone.chosen, taste),
    video: kinds.includes("camera") && cameraWish(state.camera.chosen, taste),
  };
}

function trackOf(stream: MediaStream, kind: Kind): MediaStreamTrack | undefined {
  return kind === "microphone" ? stream.getAudioTracks()[0] : stream.getVideoTracks()[0];
}

/** Without permission browsers list devices with neither id nor name; those are no choice. */
function choices(found: readonly MediaDeviceInfo[], kind: MediaDeviceKind): Choice[] {
  return found
    .filter((device) => device.kind === kind && device.deviceId !== "" && device.label !== "")
    .map((device) => ({ id: device.deviceId, label: device.label }));
}
