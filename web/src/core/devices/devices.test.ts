import { describe, expect, it, vi } from "vitest";

import { createDevices, type Liking, type MediaPort } from "./devices";
import type { Processor } from "./held";
import { obstacle, type Remembered } from "./state";

const remembered: Remembered = {
  microphoneOn: true,
  cameraOn: false,
  microphoneId: null,
  cameraId: null,
  speakerId: null,
};

class FakeTrack extends EventTarget {
  readyState = "live";
  constructor(
    readonly kind: "audio" | "video",
    readonly label: string,
  ) {
    super();
  }
  stop(): void {
    this.readyState = "ended";
  }
  clone(): FakeTrack {
    return new FakeTrack(this.kind, this.label);
  }
  unplug(): void {
    this.stop();
    this.dispatchEvent(new Event("ended"));
  }
}

/** A browser with a microphone and a camera, whose answers a scene can change. */
class FakeMedia extends EventTarget implements Pick<MediaPort, "getUserMedia"> {
  asked: MediaStreamConstraints[] = [];
  handedOut: FakeTrack[] = [];
  refuse: (wish: MediaStreamConstraints) => DOMException | undefined = () => undefined;
  answer: Promise<void> = Promise.resolve();
  /** Whether it was allowed before: then the browser gives names. */
  allowed = true;

  async getUserMedia(wish: MediaStreamConstraints = {}): Promise<MediaStream> {
    this.asked.push(wish);
    await this.answer;
    const refusal = this.refuse(wish);
    if (refusal) throw refusal;
    const audio = wish.audio ? [new FakeTrack("audio", "USB microphone")] : [];
    const video = wish.video ? [new FakeTrack("video", "Built-in camera")] : [];
    this.handedOut.push(...audio, ...video);
    return { getAudioTracks: () => audio, getVideoTracks: () => video } as unknown as MediaStream;
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    const [deviceId, label] = this.allowed ? ["m1", "USB microphone"] : ["", ""];
    return [
      { kind: "audioinput", deviceId, label },
      { kind: "videoinput", deviceId: "", label: "" },
    ] as MediaDeviceInfo[];
  }
}

function browser() {
  const media = new FakeMedia();
  const open = (wanted: Partial<Remembered> = {}, liking: Liking = {}) =>
    createDevices(media as unknown as MediaPort, { ...remembered, ...wanted }, "insecure", liking);
  return { media, open };
}

const denied = (message = "Permission denied") => new DOMException(message, "NotAllowedError");
const settled = () => new Promise<void>((done) => void setTimeout(done));

describe("before a meeting", () => {
  it("asks for the microphone only, when the camera was off last time", async () => {
    const { media, open } = browser();
    const devices = open();
    await devices.open();
    expect(media.asked).toHaveLength(1);
    expect(media.asked[0]).toMatchObject({ video: false });
    expect(devices.get().microphone).toMatchObject({ status: "live", label: "USB microphone" });
    expect(devices.get().camera.status).toBe("off");
  });

  it("asks for both in one prompt", async () => {
    const { media, open } = browser();
    await open({ cameraOn: true }).open();
    expect(media.asked).toHaveLength(1);
  });

  it("lists only devices that have a name", async () => {
    const { open } = browser();
    const devices = open();
    await devices.open();
    expect(devices.get().microphone.choices).toEqual([{ id: "m1", label: "USB microphone" }]);
    expect(devices.get().camera.choices).toEqual([]);
  });

  it("finds out which of two was refused", async () => {
    const { media, open } = browser();
    media.refuse = (wish) => (wish.video ? new DOMException("", "NotFoundError") : undefined);
    const devices = open({ cameraOn: true });
    await devices.open();
    expect(devices.get().microphone.status).toBe("live");
    expect(obstacle(devices.get())).toEqual({ status: "missing", devices: "camera" });
  });

  it("tells a browser's block from a system's", async () => {
    const { media, open } = browser();
    media.refuse = () => denied();
    const devices = open({ cameraOn: true });
    await devices.open();
    expect(obstacle(devices.get())).toEqual({ status: "blocked", devices: "both" });
    media.refuse = () => denied("Permission denied by system");
    await devices.open();
    expect(obstacle(devices.get())).toEqual({ status: "system", devices: "both" });
  });

  it("says that another program has the camera", async () => {
    const { media, open } = browser();
    const devices = open();
    await devices.open();
    media.refuse = () => new DOMException("", "NotReadableError");
    await devices.turn("camera", true);
    expect(obstacle(devices.get())).toEqual({ status: "busy", devices: "camera" });
  });

  it("picks up a microphone that is plugged in", async () => {
    const { media, open } = browser();
    media.refuse = () => new DOMException("", "NotFoundError");
    const devices = open();
    await devices.open();
    expect(devices.get().microphone.status).toBe("missing");
    media.refuse = () => undefined;
    media.dispatchEvent(new Event("devicechange"));
    await settled();
    expect(devices.get().microphone.status).toBe("live");
  });

  it("falls back to another when one is pulled out", async () => {
    const { media, open } = browser();
    const devices = open();
    await devices.open();
    media.handedOut[0]?.unplug();
    await settled();
    expect(media.asked).toHaveLength(2);
    expect(devices.get().microphone.status).toBe("live");
  });

  it("releases the camera when it is turned off", async () => {
    const { media, open } = browser();
    const devices = open({ cameraOn: true });
    await devices.open();
    await devices.turn("camera", false);
    expect(media.handedOut.find((track) => track.kind === "video")?.readyState).toBe("ended");
    expect(devices.get().camera).toMatchObject({ on: false, status: "off" });
  });

  it("says so on a page that is not secure", async () => {
    const devices = createDevices(undefined, remembered);
    await devices.open();
    expect(obstacle(devices.get())).toEqual({ status: "insecure", devices: "microphone" });
  });
});

describe("joining", () => {
  it("gives the tracks away and no longer stops them", async () => {
    const { media, open } = browser();
    const devices = open();
    await devices.open();
    const given = devices.handOver();
    devices.close();
    expect(given).toMatchObject({ microphoneOn: true, cameraOn: false });
    expect(media.handedOut[0]?.readyState).toBe("live");
  });

  it("works while the prompt is still open, muted, and lets go of what comes later", async () => {
    const { media, open } = browser();
    media.allowed = false;
    let allow = () => {};
    media.answer = new Promise((done) => {
      allow = done;
    });
    const devices = open();
    const opening = devices.open();
    expect(obstacle(devices.get())).toEqual({ status: "asking", devices: "microphone" });
    const given = devices.handOver();
    devices.close();
    allow();
    await opening;
    expect(given).toMatchObject({ microphone: null, microphoneOn: false });
    expect(media.handedOut[0]?.readyState).toBe("ended");
  });

  it("of a microphone that was allowed before and is only starting leaves it on: the meeting opens it", async () => {
    const { media, open } = browser();
    media.answer = new Promise(() => {});
    const devices = open({ cameraOn: true });
    void devices.open();
    await settled();
    const given = devices.handOver();
    devices.close();
    expect(given).toMatchObject({ microphone: null, microphoneOn: true, camera: null, cameraOn: false });
  });

  it("tells nobody twice: a listener that left hears nothing", async () => {
    const { open } = browser();
    const devices = open();
    const heard = vi.fn<() => void>();
    devices.subscribe(heard)();
    await devices.open();
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("what is made of one's picture", () => {
  const blurred = new FakeTrack("video", "blurred") as unknown as MediaStreamTrack;
  const blur: Processor = () => Promise.resolve({ tracks: [blurred], stop: () => undefined });

  it("is what is shown, and what goes along into the meeting", async () => {
    const { open } = browser();
    const devices = open({ cameraOn: true }, { processor: () => blur });
    await devices.open();
    expect(devices.track("camera")).toBe(blurred);
    expect(devices.get().camera).toMatchObject({ status: "live", label: "Built-in camera" });
    expect(devices.handOver()).toMatchObject({ camera: { tracks: [blurred] }, processor: blur });
  });

  it("can be changed without asking the browser again", async () => {
    let by: Processor | undefined;
    const { media, open } = browser();
    const devices = open({ cameraOn: true }, { processor: () => by });
    await devices.open();
    const asked = media.asked.length;
    by = blur;
    await devices.remake();
    expect(devices.track("camera")).toBe(blurred);
    expect(media.asked).toHaveLength(asked);
    expect(media.handedOut.map(({ kind, readyState }) => `${kind} ${readyState}`)).toContain("video ended");
  });

  it("that can't be made leaves the camera as it is", async () => {
    const { media, open } = browser();
    const devices = open({ cameraOn: true }, { processor: () => () => Promise.reject(new Error("gone")) });
    await devices.open();
    expect(devices.track("camera")).toBe(media.handedOut.find(({ kind }) => kind === "video"));
    expect(devices.get().camera.status).toBe("live");
  });

  it("is nothing while the camera is off", async () => {
    const { media, open } = browser();
    const devices = open({ microphoneOn: false });
    await devices.remake();
    expect(media.asked).toEqual([]);
  });
});
