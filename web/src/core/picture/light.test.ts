import { expect, test } from "vitest";

import { brightness, lifted } from "./light";

const grey = (value: number): Uint8ClampedArray =>
  Uint8ClampedArray.from({ length: 64 * 64 * 4 }, (_, at) => (at % 4 === 3 ? 255 : value));

/** How strongly it is lifted after so many pictures. */
function after(pictures: number, bright: number): number[] {
  const seen = [0];
  for (let at = 0; at < pictures; at += 1) seen.push(lifted(seen.at(-1) ?? 0, bright));
  return seen;
}

test("brightness goes from black to white, and nothing is as bright as can be", () => {
  expect(brightness(grey(0))).toBe(0);
  expect(brightness(grey(255))).toBeCloseTo(1, 5);
  expect(brightness(grey(128))).toBeCloseTo(0.5, 1);
  expect(brightness(new Uint8ClampedArray())).toBe(1);
});

test("a dark picture is lifted, slowly and never beyond its measure; a bright one is left as it is", () => {
  const dark = after(100, brightness(grey(30)));
  expect(dark.at(-1)).toBeGreaterThan(0.8);
  expect(Math.max(...dark)).toBeLessThanOrEqual(0.85);
  const steps = dark.slice(1).map((now, at) => now - (dark[at] ?? 0));
  expect(Math.max(...steps), "nobody flickers").toBeLessThan(0.07);
  expect(after(100, brightness(grey(150))).at(-1)).toBe(0);
});
