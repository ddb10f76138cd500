// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";

import { audioContext, toLevel } from "./meter";

const tone = (peak: number) => Float32Array.from({ length: 1024 }, (_, i) => peak * Math.sin(i / 5));

it("silence is nothing, a shout is all, speech is between", () => {
  expect(toLevel(new Float32Array(1024))).toBe(0);
  expect(toLevel(tone(1))).toBe(1);
  expect(toLevel(tone(0.05))).toBeGreaterThan(0.4);
  expect(toLevel(tone(0.05))).toBeLessThan(0.8);
});

it("what a phone call interrupted goes on by itself, or with the next press", () => {
  const resume = vi.fn<() => Promise<void>>(() => Promise.resolve());
  class Context extends EventTarget {
    state = "running";
    resume = resume;
  }
  vi.stubGlobal("AudioContext", Context);
  const audio = audioContext() as unknown as Context;
  expect(resume).not.toHaveBeenCalled();
  audio.state = "interrupted";
  audio.dispatchEvent(new Event("statechange"));
  expect(resume).toHaveBeenCalledTimes(1);
  window.dispatchEvent(new Event("pointerdown"));
  expect(resume).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});
