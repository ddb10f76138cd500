import { expect, test } from "vitest";

import { brightness, lifted } from "./light";
import { blurOf, isPlain, needsMask, ownOf, plain } from "./look";
import { blend } from "./mask";

const opacity = (certainty: number, times = 20): number => {
  const alphas = new Uint8ClampedArray(4);
  for (let time = 0; time < times; time += 1) blend(alphas, Float32Array.of(certainty));
  return alphas[3] ?? -1;
};

test("who is surely there is whole, who is surely not is gone, and between them it fades", () => {
  expect(opacity(0.95)).toBeGreaterThan(250);
  expect(opacity(0.1)).toBe(0);
  expect(opacity(0.5)).toBeGreaterThan(60);
  expect(opacity(0.5)).toBeLessThan(200);
});

test("an edge follows within some frames and doesn't jump", () => {
  expect(opacity(1, 1)).toBeLessThan(200);
  expect(opacity(1, 4)).toBeGreaterThan(240);
});

test("a dark picture is lifted slowly, a bright one never", () => {
  const picture = (value: number): Uint8ClampedArray => new Uint8ClampedArray(4 * 64).fill(value);
  let lift = 0;
  for (let frame = 0; frame < 100; frame += 1) {
    const next = lifted(lift, brightness(picture(25)));
    expect(next - lift).toBeLessThan(0.1);
    lift = next;
  }
  expect(lift).toBeGreaterThan(0.6);
  expect(lifted(0, brightness(picture(200)))).toBe(0);
  expect(brightness(new Uint8ClampedArray(0))).toBe(1);
});

test("what is wanted says what must be done for it", () => {
  expect(isPlain(plain)).toBe(true);
  expect(isPlain({ background: "none", light: true })).toBe(false);
  expect(needsMask({ background: "own:x", light: false })).toBe(true);
  expect([ownOf("own:x"), ownOf("blur")]).toEqual(["x", undefined]);
  expect(blurOf("soft")).toBeLessThan(blurOf("blur"));
});
