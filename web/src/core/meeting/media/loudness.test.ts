// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { type Audible, Sounds } from "./sounds";

const audio = {
  state: "running",
  destination: {},
  createMediaStreamSource: () => ({ connect: (to: unknown) => to }),
};
vi.mock("../../devices/meter", () => ({ audioContext: () => audio }));

const gains: { gain: { value: number }; disconnect: ReturnType<typeof vi.fn> }[] = [];

beforeEach(() => {
  gains.length = 0;
  audio.state = "running";
  vi.stubGlobal(
    "GainNode",
    class {
      gain = { value: 1 };
      disconnect = vi.fn();
      connect = vi.fn();
      constructor() {
        gains.push(this);
      }
    },
  );
  vi.stubGlobal(
    "MediaStream",
    class {
      readonly id = "a stream";
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

function playing() {
  const element = document.createElement("audio");
  const track: Audible & { mediaStreamTrack: MediaStreamTrack } = {
    attach: () => element,
    detach: () => [element],
    mediaStreamTrack: {} as MediaStreamTrack,
  };
  const sounds = new Sounds(() => undefined);
  sounds.play(track);
  return { element, track, sounds };
}

test("up to its own loudness an element does it, and nothing else", () => {
  const { element, track, sounds } = playing();
  sounds.turn(track, 0.4);
  expect(element.volume).toBeCloseTo(0.4);
  expect(gains).toEqual([]);
});

test("above it the page does, once, and the element is silent meanwhile", () => {
  const { element, track, sounds } = playing();
  sounds.turn(track, 1.5);
  sounds.turn(track, 2);
  expect(gains.map(({ gain }) => gain.value)).toEqual([2]);
  expect(element.volume).toBe(0);
  sounds.turn(track, 1);
  expect(gains[0]?.disconnect).toHaveBeenCalledOnce();
  expect(element.volume).toBe(1);
});

test("where the page's sound doesn't run one is heard as loud as an element can be", () => {
  audio.state = "suspended";
  const { element, track, sounds } = playing();
  sounds.turn(track, 2);
  expect(element.volume).toBe(1);
  expect(gains).toEqual([]);
});

test("who leaves takes their loudness along", () => {
  const { track, sounds } = playing();
  sounds.turn(track, 2);
  sounds.silence(track);
  expect(gains[0]?.disconnect).toHaveBeenCalledOnce();
});
