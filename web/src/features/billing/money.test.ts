import { expect, it } from "vitest";

import { day, days, inWords, percent } from "./money";

it("writes minor units as the currency has them", () => {
  expect(inWords(30648, "EUR", "en")).toBe("€306.48");
  expect(inWords(500, "JPY", "en")).toBe("¥500");
  expect(inWords(-420, "EUR", "en")).toBe("-€4.20");
});

it("writes a rate that is in hundredths of a percent", () => {
  expect([percent(2000, "en"), percent(550, "en")]).toEqual(["20%", "5.5%"]);
});

it("writes a day as that day, wherever one is", () => {
  expect(day("2026-12-01", "en")).toBe("Dec 1, 2026");
  expect(days("2026-12-01", "2026-12-31", "en")).toMatch(/^Dec 1\s–\s31, 2026$/);
});
