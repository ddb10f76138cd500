import { expect, it } from "vitest";

import { toLevel } from "./meter";

const tone = (peak: number) => Float32Array.from({ length: 1024 }, (_, i) => peak * Math.sin(i / 5));

it("silence is nothing, a shout is all, speech is between", () => {
  expect(toLevel(new Float32Array(1024))).toBe(0);
  expect(toLevel(tone(1))).toBe(1);
  expect(toLevel(tone(0.05))).toBeGreaterThan(0.4);
  expect(toLevel(tone(0.05))).toBeLessThan(0.8);
});
