import { afterEach, expect, test, vi } from "vitest";

import type { LiveKit } from "./livekit";
import { OwnTracks } from "./own";
import { Pictures } from "./pictures";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A device as the browser gives it: open until it is stopped. */
class Device {
  readyState = "live";
  enabled = true;
  label = "a device";
  constructor(readonly kind: "audio" | "video") {}
  stop(): void {
    this.readyState = "ended";
  }
  addEventListener(): void {
    // Nothing happens to this one.
  }
}

/** What livekit-client makes of a device; `unmute` may take its time, and reopens what was stopped meanwhile. */
class Track {
  isMuted = false;
  constructor(readonly mediaStreamTrack: Device) {}
  get kind(): string {
    return this.mediaStreamTrack.kind;
  }
  on(): void {
    // Nothing happens to this one.
  }
  async unmute(): Promise<void> {
    await settled();
    this.mediaStreamTrack.readyState = "live";
  }
  async mute(): Promise<void> {
    await Promise.resolve();
  }
  stop(): void {
    this.mediaStreamTrack.stop();
  }
  attach(): void {
    // Nobody looks.
  }
  detach(): void {
    // Nobody looked.
  }
}

const livekit = {
  LocalAudioTrack: Track,
  LocalVideoTrack: Track,
  Track: { Source: { Microphone: "microphone", Camera: "camera" } },
  TrackEvent: { Ended: "ended" },
  ConnectionState: { Connected: "connected" },
} as unknown as LiveKit;

function own(handover: object): OwnTracks {
  const chosen = {
    microphoneId: null,
    cameraId: null,
    speakerId: null,
    microphoneOn: false,
    cameraOn: false,
  };
  return new OwnTracks(livekit, "me", { ...chosen, ...handover } as never, new Pictures(), () => undefined);
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

test("a camera that opens only after its owner has left is closed at once", async () => {
  const camera = new Device("video");
  let open: (stream: unknown) => void = () => undefined;
  vi.stubGlobal("navigator", {
    mediaDevices: { getUserMedia: () => new Promise((given) => (open = given)) },
  });
  const tracks = own({});
  tracks.setCamera(true);
  await settled();
  tracks.stop();
  open({ getTracks: () => [camera], getVideoTracks: () => [camera], getAudioTracks: () => [] });
  await settled();
  expect(camera.readyState).toBe("ended");
});

test("a camera that is being turned on when its owner leaves does not stay open", async () => {
  const camera = new Device("video");
  const tracks = own({ camera, cameraOn: true });
  await Promise.resolve();
  await Promise.resolve();
  tracks.stop();
  expect(camera.readyState).toBe("ended");
  await settled();
  await settled();
  expect(camera.readyState).toBe("ended");
});
