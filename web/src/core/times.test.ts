import { expect, it } from "vitest";

import { SHORT, stopwatch, timeOfDay } from "./times";

it("writes a time of day", () => {
  expect(timeOfDay("2026-11-27T09:05:00Z")).toMatch(/\d{1,2}:\d\d/);
});

it.each([
  ["en-US", "3:05 AM"],
  ["en-GB", "03:05"],
  ["de", "03:05"],
  ["zh-CN", "03:05"],
])("in the morning, too, as %s writes it: %s", (region, written) => {
  const early = new Date(2026, 10, 27, 3, 5);
  expect(new Intl.DateTimeFormat(region, SHORT).format(early).replace("\u202f", " ")).toBe(written);
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
