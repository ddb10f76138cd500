/**
 * Opens and closes the microphone and the camera before a meeting.
 *
 * Law: a track that is open here is either shown to its owner or handed over; `close()` stops the rest,
 * also one that the browser hands out after we stopped waiting for it. Turning a device off releases it.
 */
import type { Handover } from "../journey/room";
import { type Readable, Store } from "../store";

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
import { cameraWish, microphoneWish } from "./wish";

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
  close(): void;
}

/** @param media undefined where the browser gives none: then `absent` says why. */
export function createDevices(
  media: MediaPort | undefined,
  remembered: Remembered,
  absent: Failure = "insecure",
): DeviceStore {
  const devices = new Store(initialDevices(remembered));
  const { get, subscribe } = devices;
  const tracks: Record<Kind, MediaStreamTrack | null> = { microphone: null, camera: null };
  /** Grows with every request and release of a device; an answer to an older one is no longer wanted. */
  const turns: Record<Kind, number> = { microphone: 0, camera: 0 };

  function tell(event: DeviceEvent): void {
    devices.set(evolve(get(), event));
  }

  function release(kind: Kind): void {
    turns[kind] += 1;
    tracks[kind]?.stop();
    tracks[kind] = null;
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
      const stream = await media.getUserMedia(constraints(get(), kinds));
      for (const [kind, turn] of asked) take(kind, turn, trackOf(stream, kind));
    } catch (error) {
      // One refusal for two devices does not say whose it was.
      if (kinds.length > 1) await Promise.all(kinds.map((kind) => request([kind])));
      else for (const [kind, turn] of asked) fail(kind, turn, error);
    }
    await list();
  }

  function take(kind: Kind, turn: number, track: MediaStreamTrack | undefined): void {
    if (!track) return fail(kind, turn, new DOMException("no track", "NotFoundError"));
    if (turn !== turns[kind]) return track.stop();
    tracks[kind]?.stop();
    tracks[kind] = track;
    track.addEventListener("ended", () => {
      if (tracks[kind] === track) void retry(kind);
    });
    tell({ type: "opened", kind, label: track.label });
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
    track: (kind) => tracks[kind],
    async open() {
      const wanted = (["microphone", "camera"] as const).filter((kind) => get()[kind].on && !tracks[kind]);
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
      const given = { microphone: tracks.microphone, camera: tracks.camera };
      tracks.microphone = null;
      tracks.camera = null;
      return {
        ...given,
        microphoneOn: microphone.on && (given.microphone !== null || isStarting(microphone)),
        cameraOn: camera.on && (given.camera !== null || isStarting(camera)),
        microphoneId: microphone.chosen,
        cameraId: camera.chosen,
        speakerId: speaker.chosen,
      };
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

function constraints(state: Devices, kinds: readonly Kind[]): MediaStreamConstraints {
  return {
    audio: kinds.includes("microphone") && microphoneWish(state.microphone.chosen),
    video: kinds.includes("camera") && cameraWish(state.camera.chosen),
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
