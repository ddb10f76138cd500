import { expect, it } from "vitest";

import { stopwatch, timeOfDay } from "./times";

it("writes a time of day", () => {
  expect(timeOfDay("2026-11-27T09:05:00Z")).toMatch(/\d{1,2}:\d\d/);
});

it("says nothing of what is no time", () => {
  expect(timeOfDay("")).toBe("");
  expect(timeOfDay("yesterday")).toBe("");
});

it("counts hours, minutes and seconds, and never below nothing", () => {
  expect(stopwatch(765_000)).toBe("00:12:45");
  expect(stopwatch(3_600_000 * 27)).toBe("27:00:00");
  expect(stopwatch(-4000)).toBe("00:00:00");
});
