// @vitest-environment happy-dom
import { array, assert, asyncProperty, boolean, constantFrom } from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Processor } from "../../devices/held";
import { usual } from "../../devices/wish";
import { OwnWorld, Raw, settled } from "./world.testing";

vi.mock("../../devices/meter", () => ({
  audioContext: () => ({ state: "suspended" }),
  startMeter: () => () => undefined,
}));
vi.mock("../media/voice", () => ({ Talking: Set, listenForVoice: () => () => undefined }));

let world: OwnWorld;

/** A browser, and one's own devices in it, some of which were opened before. */
function scene(handover: Parameters<OwnWorld["begin"]>[0] = {}): OwnWorld {
  const made = new OwnWorld();
  vi.stubGlobal("navigator", { mediaDevices: made.mediaDevices, userAgent: "" });
  made.begin(handover);
  return made;
}

beforeEach(() => {
  vi.stubGlobal("MediaStream", Set);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the microphone", () => {
  test("muted before the media library came, it stays muted when it comes", async () => {
    const microphone = new Raw("audio");
    world = scene({ microphone, microphoneOn: true });
    world.own.warnMuted(true);
    world.own.setMicrophone(false);
    await world.lineUp();
    expect(microphone.enabled).toBe(false);
    await world.settleAll();
    expect(microphone.enabled).toBe(false);
    expect(world.room?.passes("microphone")).toBe(false);
    world.own.setMicrophone(true);
    await world.settleAll();
    expect(world.room?.passes("microphone")).toBe(true);
  });

  test("muted while it is being published, it is silent, and the others are told", async () => {
    const microphone = new Raw("audio");
    world = scene({ microphone, microphoneOn: true });
    world.own.warnMuted(true);
    await world.lineUp();
    world.own.setMicrophone(false);
    expect(microphone.enabled).toBe(false);
    await world.answer("publish");
    expect(microphone.enabled).toBe(false);
    expect(world.room?.of("microphone")?.muted).toBe(true);
  });

  test("goes off and on while a prompt for the camera stands unanswered", async () => {
    const microphone = new Raw("audio");
    world = scene({ microphone, microphoneOn: true });
    await world.lineUp();
    await world.answer("publish");
    world.own.setCamera(true);
    await settled();
    world.own.setMicrophone(false);
    await settled();
    world.own.setMicrophone(true);
    await world.answer("prompt audio");
    expect(world.room?.passes("microphone")).toBe(true);
    expect(world.own.state.get().cameraStands).toBe("asking");
  });

  test("unmuted, muted, and then granted: nothing of it is live for a moment", async () => {
    world = scene();
    await world.lineUp();
    world.own.setMicrophone(true);
    await settled();
    world.own.setMicrophone(false);
    await world.answer("prompt audio");
    expect(world.opened.map(({ readyState }) => readyState)).toEqual(["ended"]);
    expect(world.room?.publications).toEqual([]);
  });

  test("another one that is chosen while muted opens nothing", async () => {
    const microphone = new Raw("audio");
    world = scene({ microphone, microphoneOn: true });
    await world.lineUp();
    await world.settleAll();
    world.own.setMicrophone(false);
    world.own.chooseMicrophone("other");
    await settled();
    expect(microphone.readyState).toBe("ended");
    expect(world.wishes).toEqual([]);
    world.own.setMicrophone(true);
    await settled();
    expect(world.wishes).toMatchObject([{ audio: { deviceId: { ideal: "other" }, echoCancellation: true } }]);
  });

  test("a host's mute holds, and two quick presses of one's own end where they began", async () => {
    world = scene({ microphone: new Raw("audio"), microphoneOn: true });
    world.own.warnMuted(true);
    await world.lineUp();
    await world.settleAll();
    world.own.setMicrophone(false);
    world.own.setMicrophone(true);
    await settled();
    expect(world.room?.passes("microphone")).toBe(true);
    await world.room?.of("microphone")?.track.mute();
    await settled();
    expect(world.own.state.get().microphone).toBe(false);
  });

  test("pulled out, it is replaced by another and its owner is told; with none left it is off", async () => {
    const microphone = new Raw("audio", "Headset");
    world = scene({ microphone, microphoneOn: true });
    await world.lineUp();
    await world.settleAll();
    world.time += 10_000;
    microphone.unplug();
    await settled();
    expect(world.own.state.get().microphoneStands).toBe("asking");
    await world.answer("prompt");
    expect(world.troubles).toEqual([
      { device: "microphone", what: "unplugged", label: "Headset", instead: "audio 0" },
    ]);
    world.time += 10_000;
    world.opened[0]?.unplug();
    await settled();
    await world.answer("prompt", false);
    expect(world.troubles.at(-1)).toEqual({ device: "microphone", what: "unplugged", label: "audio 0" });
    expect(world.own.state.get().microphone).toBe(false);
  });

  test("one that dies as soon as it is opened is not opened for ever", async () => {
    world = scene();
    world.own.setMicrophone(true);
    await settled();
    await world.answer("prompt");
    world.opened[0]?.unplug();
    await settled();
    expect(world.wishes).toHaveLength(1);
    expect(world.own.state.get().microphone).toBe(false);
  });

  test("that was refused is off, and why is told", async () => {
    world = scene();
    world.own.setMicrophone(true);
    await settled();
    await world.answer("prompt", false);
    expect(world.own.state.get().microphone).toBe(false);
    expect(world.troubles).toEqual([{ device: "microphone", what: "blocked" }]);
  });

  test("that could not be published is tried again", async () => {
    world = scene({ microphone: new Raw("audio"), microphoneOn: true });
    await world.lineUp();
    await world.answer("publish", false);
    expect(world.own.state.get().microphoneStands).toBe("starting");
    await world.ringTimers();
    await world.answer("publish");
    expect(world.own.state.get().microphoneStands).toBe("on");
  });
});

describe("the camera", () => {
  test("keeps its size when another one is chosen", async () => {
    world = scene({ camera: new Raw("video"), cameraOn: true });
    world.own.chooseCamera("other");
    await settled();
    expect(world.wishes).toMatchObject([
      { video: { deviceId: { ideal: "other" }, width: { ideal: 1280 }, height: { ideal: 720 } } },
    ]);
  });

  test("that is open gives what its owner likes of a picture, and again as before", async () => {
    const camera = new Raw("video");
    let taste = usual;
    world = scene({ camera, cameraOn: true, taste: () => taste });
    for (const change of [{ hd: false }, {}, { lowData: true }, {}]) {
      taste = { ...usual, ...change };
      await world.own.liked();
    }
    expect(camera.asked.map(({ height, frameRate }) => [height, frameRate])).toEqual(
      [
        [360, 30],
        [720, 30],
        [360, 15],
        [720, 30],
      ].map((wish) => wish.map((ideal) => ({ ideal }))),
    );
    expect(camera.readyState, "it is not opened anew for that").toBe("live");
    expect(world.wishes).toEqual([]);
  });

  test("that was pulled out is asked for nothing, and the next one is what is liked now", async () => {
    const camera = new Raw("video");
    world = scene({ camera, cameraOn: true, taste: () => ({ ...usual, hd: false }) });
    await world.ringTimers();
    camera.unplug();
    await world.own.liked();
    await world.settleAll();
    expect(world.wishes.at(-1)).toMatchObject({ video: { height: { ideal: 360 } } });
  });

  test("that opens only after its owner has left is closed at once", async () => {
    world = scene();
    world.own.setCamera(true);
    await settled();
    world.own.stop();
    await world.answer("prompt");
    expect(world.opened.map(({ readyState }) => readyState)).toEqual(["ended"]);
  });

  test("is asked for again when another was chosen while the browser was asking", async () => {
    world = scene();
    world.own.setCamera(true);
    await settled();
    world.own.chooseCamera("other");
    await world.answer("prompt");
    await settled();
    expect(world.opened[0]?.readyState).toBe("ended");
    expect(world.wishes.at(-1)).toMatchObject({ video: { deviceId: { ideal: "other" } } });
  });
});

describe("the screen", () => {
  test("is not shared while the picker is open, nor when it is closed without a choice", async () => {
    world = scene();
    world.own.share();
    await settled();
    expect(world.own.state.get().sharing).toBe(false);
    await world.answer("prompt");
    expect(world.own.state.get()).toMatchObject({ sharing: true, shareSurface: "window" });
    world.own.stopSharing();
    world.own.share();
    await settled();
    await world.answer("prompt", false);
    expect(world.own.state.get().sharing).toBe(false);
    expect(world.troubles).toEqual([]);
  });

  test("that ends by the browser's own button is over", async () => {
    world = scene();
    await world.lineUp();
    world.own.share();
    await settled();
    await world.answer("prompt");
    await world.settleAll();
    expect(world.room?.publications).toHaveLength(1);
    world.opened[0]?.unplug();
    await settled();
    expect(world.own.state.get().sharing).toBe(false);
    expect(world.room?.publications).toEqual([]);
    expect(world.wishes).toHaveLength(1);
  });
});

describe("what must be there before anything is sent", () => {
  test("held back, nothing goes out whatever is pressed; let go, what is wanted does", async () => {
    world = scene({ microphone: new Raw("audio"), microphoneOn: true });
    world.own.hold(true);
    await world.lineUp();
    world.own.setCamera(true);
    await world.settleAll();
    expect(world.own.state.get()).toMatchObject({ microphone: true, microphoneStands: "starting" });
    expect([world.room?.passes("microphone"), world.room?.passes("camera")]).toEqual([false, false]);
    world.own.hold(false);
    await world.settleAll();
    expect([world.room?.passes("microphone"), world.room?.passes("camera")]).toEqual([true, true]);
    expect(world.own.state.get().microphoneStands).toBe("on");
    world.own.hold(true);
    expect(world.room?.passes("microphone")).toBe(false);
  });
});

describe("what the meeting lets one send", () => {
  test("is off at once where it no longer may be, and goes out again when it may and is wanted", async () => {
    const microphone = new Raw("audio");
    world = scene({ microphone, microphoneOn: true });
    world.own.warnMuted(true);
    await world.lineUp();
    await world.settleAll();
    world.own.allow({ microphone: false, camera: true, screen: true });
    expect(microphone.enabled).toBe(false);
    // The server takes what may not be sent off the connection.
    world.room?.publications.splice(0);
    world.own.setMicrophone(true);
    await world.settleAll();
    expect(world.troubles.map(({ what }) => what)).toEqual(["not_allowed"]);
    expect(world.room?.publications).toEqual([]);
    world.own.allow({ microphone: true, camera: true, screen: true });
    await world.settleAll();
    expect(world.room?.passes("microphone")).toBe(false);
    world.own.setMicrophone(true);
    await world.settleAll();
    expect(world.room?.passes("microphone")).toBe(true);
  });
});

describe("what is made of one's picture", () => {
  /** What a feature that blurs the background would bring. */
  class Blur {
    readonly made: Raw[] = [];
    stopped = 0;
    isBroken = false;

    readonly process: Processor = async () => {
      if (this.isBroken) throw new Error("no graphics");
      await world.wait("blur");
      const made = new Raw("video", "blurred");
      this.made.push(made);
      return { tracks: [made as unknown as MediaStreamTrack], stop: () => (this.stopped += 1) };
    };
  }

  test("is sent in place of it, and both end together", async () => {
    world = scene();
    const blur = new Blur();
    world.own.processCamera(blur.process);
    await world.lineUp();
    world.own.setCamera(true);
    await world.settleAll();
    expect(world.room?.of("camera")?.track.raw).toBe(blur.made[0]);
    expect(world.room?.passes("camera")).toBe(true);
    world.own.setCamera(false);
    await world.settleAll();
    expect([...world.opened, ...blur.made].map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
    expect(blur.stopped).toBe(1);
  });

  test("chosen while the camera is on, the plain picture ends before the other begins", async () => {
    world = scene({ camera: new Raw("video"), cameraOn: true });
    await world.lineUp();
    await world.settleAll();
    const plain = world.room?.of("camera")?.track.raw;
    const blur = new Blur();
    world.own.processCamera(blur.process);
    expect(plain?.readyState).toBe("ended");
    await world.settleAll();
    expect(world.room?.of("camera")?.track.raw).toBe(blur.made[0]);
    // The device itself was asked for by nobody: it went on.
    expect(world.opened).toEqual([]);
    expect(world.own.state.get().cameraStands).toBe("on");
  });

  test("where it can't be made nothing is sent, and it is said", async () => {
    world = scene();
    const blur = new Blur();
    blur.isBroken = true;
    world.own.processCamera(blur.process);
    await world.lineUp();
    world.own.setCamera(true);
    await world.settleAll();
    expect(world.opened.map(({ readyState }) => readyState)).toEqual(["ended"]);
    expect(world.own.state.get().camera).toBe(false);
    expect(world.troubles).toMatchObject([{ device: "camera" }]);
  });

  test("changed while it is being made, what is sent is what was chosen last", async () => {
    world = scene();
    const [first, second] = [new Blur(), new Blur()];
    world.own.processCamera(first.process);
    await world.lineUp();
    world.own.setCamera(true);
    await world.answer("prompt video");
    world.own.processCamera(second.process);
    await world.settleAll();
    expect(world.room?.of("camera")?.track.raw).toBe(second.made[0]);
    expect([first.stopped, second.stopped]).toEqual([1, 0]);
  });

  test("pulled out, the picture made of it goes too", async () => {
    world = scene();
    const blur = new Blur();
    world.own.processCamera(blur.process);
    await world.lineUp();
    world.own.setCamera(true);
    await world.settleAll();
    world.opened[0]?.unplug();
    expect(blur.made[0]?.readyState).toBe("ended");
  });
});

describe("original sound", () => {
  test("opens the microphone anew and publishes it anew, and its owner stays as muted as they were", async () => {
    world = scene({ microphone: new Raw("audio"), microphoneOn: true });
    await world.lineUp();
    await world.settleAll();
    const before = world.room?.of("microphone")?.track;
    world.own.processMicrophone(undefined, true);
    expect(before?.raw.readyState).toBe("ended");
    await world.settleAll();
    expect(world.opened).toHaveLength(1);
    expect(world.room?.of("microphone")?.track).not.toBe(before);
    expect(world.room?.passes("microphone")).toBe(true);
    world.own.setMicrophone(false);
    world.own.processMicrophone(undefined, true);
    await world.settleAll();
    expect(world.own.state.get().microphone).toBe(false);
    expect(world.room?.passes("microphone") ?? false).toBe(false);
  });
});

type Move = (world: OwnWorld) => void | Promise<void>;

const moves: Record<string, Move> = {
  mute: ({ own }) => own.setMicrophone(false),
  unmute: ({ own }) => own.setMicrophone(true),
  "camera on": ({ own }) => own.setCamera(true),
  "camera off": ({ own }) => own.setCamera(false),
  "choose a": ({ own }) => own.chooseMicrophone("a"),
  "choose b": ({ own }) => own.chooseCamera("b"),
  "another background": ({ own }) =>
    own.processCamera((raws) => Promise.resolve({ tracks: raws, stop: () => undefined })),
  "no background": ({ own }) => own.processCamera(undefined),
  "other sound": ({ own }) => own.processMicrophone(undefined, true),
  "warn me": ({ own }) => own.warnMuted(true),
  "warn me not": ({ own }) => own.warnMuted(false),
  "hold back": ({ own }) => own.hold(true),
  "let go": ({ own }) => own.hold(false),
  share: ({ own }) => own.share(),
  "stop sharing": ({ own }) => own.stopSharing(),
  grant: (there) => there.answer(),
  refuse: (there) => there.answer("", false),
  "grant sound": (there) => there.answer("prompt audio"),
  "grant a picture": (there) => there.answer("prompt video"),
  publish: (there) => there.answer("publish"),
  "line up": (there) => there.lineUp(),
  "line down": (there) => there.lineDown(),
  timers: (there) => there.ringTimers(),
  unplug: ({ opened }) => opened.at(-1)?.unplug(),
  "host mutes": async ({ room }) => room?.of("microphone")?.track.mute(),
};

const sources = [
  ["microphone", "microphoneStands", "audio"],
  ["camera", "cameraStands", "video"],
] as const;

function checkTruth(there: OwnWorld, warns: boolean, given: readonly Raw[]): void {
  const state = there.own.state.get();
  const isAsking = there.waiting.some(({ what }) => what.startsWith("prompt"));
  for (const [source, stands, kind] of sources) {
    const raws = [...given, ...there.opened].filter((raw) => raw.kind === kind);
    // A shared screen is a picture too, and has no word here.
    if (kind === "video" && (state.sharing || isAsking)) continue;
    if (!state[source]) expect(raws.filter((raw) => raw.isHot)).toEqual([]);
    if (!state[source] && !(warns && kind === "audio"))
      expect(raws.filter(({ readyState }) => readyState === "live")).toEqual([]);
    if (!state[source]) expect(there.room?.passes(source) ?? false).toBe(false);
    if (state[stands] === "on") expect(there.room?.passes(source)).toBe(true);
    expect(state[stands] === "off").toBe(!state[source]);
  }
}

test("whatever happens in whatever order, what is shown is what is so", async () => {
  const step = constantFrom(...Object.keys(moves));
  await assert(
    asyncProperty(array(step, { maxLength: 40 }), boolean(), async (steps, isGiven) => {
      const given = isGiven ? [new Raw("audio"), new Raw("video")] : [];
      const [microphone = null, camera = null] = given;
      const there = scene({ microphone, camera, microphoneOn: isGiven, cameraOn: isGiven });
      let warns = false;
      let isHeld = false;
      for (const name of steps) {
        if (name === "hold back" || name === "let go") isHeld = name === "hold back";
        if (name.startsWith("warn me")) warns = name === "warn me";
        await moves[name]?.(there);
        await settled();
        checkTruth(there, warns, given);
        if (isHeld) for (const [source] of sources) expect(there.room?.passes(source) ?? false).toBe(false);
      }
      there.own.hold(false);
      there.own.setMicrophone(true);
      await there.lineUp();
      await there.settleAll();
      expect(there.own.state.get().microphoneStands).toBe("on");
      checkTruth(there, warns, given);
      there.own.stop();
      await there.settleAll();
      await settled();
      const open = [...given, ...there.opened].filter(({ readyState }) => readyState === "live");
      expect(open).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 60_000);
