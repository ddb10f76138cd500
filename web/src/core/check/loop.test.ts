import { expect, it, vi } from "vitest";

import type { LiveKit } from "../meeting/media/livekit";

import { hearYourself, type LoopEdges, type Stage } from "./loop";

const back = {} as MediaStreamTrack;

/** A server that sends back what it gets, unless the scene says otherwise; time passes at once. */
function scene(more: Partial<LoopEdges> = {}, comesBack = true) {
  const did: string[] = [];
  let hear: (track: unknown) => void = () => undefined;
  const livekit = {
    Room: function Room() {
      return {
        once: (_: string, come: (track: unknown) => void) => (hear = come),
        connect: async (_: string, ticket: string) => void did.push(`connect ${ticket}`),
        disconnect: async () => void did.push("disconnect"),
        localParticipant: {
          publishTrack: async () => comesBack && hear({ mediaStreamTrack: back }),
        },
      };
    },
    RoomEvent: { TrackSubscribed: "trackSubscribed" },
    Track: { Source: { Microphone: "microphone" } },
  };
  const edges: LoopEdges = {
    ask: async () => ({ kind: "ok", value: { token: "mouth", ear: "ear" } }),
    url: "wss://meet.example",
    after(_, run) {
      const timer = setTimeout(run, 0);
      return () => clearTimeout(timer);
    },
    microphone: async () => ({ stop: () => void did.push("stop") }) as unknown as MediaStreamTrack,
    orHere: false,
    options: undefined,
    recorder: () => ({ stop: async () => new Blob(["sound"]) }),
    hasSound: async () => true,
    play: vi.fn(async () => true),
    load: async () => livekit as unknown as LiveKit,
    ...more,
  };
  const stages: Stage[] = [];
  const gone = new AbortController();
  const run = () => hearYourself(edges, (stage) => stages.push(stage), gone.signal);
  return { edges, did, stages, gone, run };
}

it("what is sent comes back and is played once everything is closed", async () => {
  const { did, stages, run } = scene();
  expect(await run()).toBe("heard");
  expect(stages).toEqual(["connecting", "speak", "plays"]);
  expect(did).toEqual(["connect mouth", "connect ear", "disconnect", "disconnect", "stop"]);
});

it.each([
  ["no-microphone", { microphone: () => Promise.reject(new Error("refused")) }],
  ["silent", { hasSound: async () => false }],
  ["unplayed", { play: async () => false }],
  ["unreachable", { ask: async () => ({ kind: "unreachable" }) }],
  ["unreachable", { load: () => Promise.reject(new Error("no chunk")) }],
  ["refused", { ask: async () => ({ kind: "refused", refusal: { code: "request.too_many", params: {} } }) }],
] satisfies [string, Partial<LoopEdges>][])("says that it is %s", async (found, more) => {
  const { did, run } = scene(more);
  expect(await run()).toBe(found);
  expect(did.includes("stop")).toBe(found !== "no-microphone");
});

it.each([
  ["unreachable", { ask: async () => ({ kind: "unreachable" }) }, true],
  [
    "refused",
    { ask: async () => ({ kind: "refused", refusal: { code: "request.too_many", params: {} } }) },
    true,
  ],
  ["blocked", {}, false],
] satisfies [string, Partial<LoopEdges>, boolean][])(
  "before a call, a way that is %s leaves the microphone alone, and that is said",
  async (_, more, comesBack) => {
    const { stages, did, run } = scene({ ...more, orHere: true }, comesBack);
    expect(await run()).toBe("heard-here");
    expect(stages).toEqual(["connecting", "speak-here", "plays"]);
    expect(did.at(-1)).toBe("stop");
  },
);

it("what never comes back is blocked, and nothing stays open", async () => {
  const { did, stages, run } = scene({}, false);
  expect(await run()).toBe("blocked");
  expect(stages).toEqual(["connecting"]);
  expect(did.slice(-3)).toEqual(["disconnect", "disconnect", "stop"]);
});

it("whoever closes it hears nothing more", async () => {
  const { edges, gone, did, run } = scene();
  gone.abort();
  await run();
  expect(edges.play).not.toHaveBeenCalled();
  expect(did).toContain("stop");
});
