import { expect, test } from "vitest";

import { atFirst, type Pace, paced } from "./pace";

const BETWEEN = 33;

/** Some seconds of frames that each take so long. */
function after(pace: Pace, seconds: number, spentMs: number): Pace {
  let now = pace;
  for (let frame = 0; frame < seconds * 30; frame += 1) now = paced(now, spentMs, BETWEEN);
  return now;
}

test("a machine that keeps up looks for the person in every frame", () => {
  expect(after(atFirst, 20, 10).every).toBe(1);
});

test("one that doesn't looks less often, and again more often once it can", () => {
  const strained = after(atFirst, 2, 30);
  expect(strained.every).toBe(4);
  expect(after(strained, 2, 5).every).toBe(1);
});

test("one that can't even do that gives up, after three bad seconds in a row and not before", () => {
  const strained = after(atFirst, 2, 60);
  expect(after(strained, 2, 60).every).toBe(4);
  expect(after(strained, 3, 60).every).toBe(0);
  const breathed = after(after(strained, 2, 60), 1, 20);
  expect(after(breathed, 2, 60).every).not.toBe(0);
});

test("what was given up is not taken up again by itself", () => {
  expect(after(after(atFirst, 6, 60), 60, 1).every).toBe(0);
});

test("one long frame says nothing", () => {
  expect(after(paced(atFirst, 500, BETWEEN), 1, 5).every).toBeLessThanOrEqual(2);
});
