import { expect, it } from "vitest";

import { asTyped, day, days, inWords, minorOf, percent } from "./money";

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

it("reads what somebody typed as minor units, to the unit", () => {
  expect(["6", "6.5", "6,50", " 0.07 "].map((typed) => minorOf(typed, "EUR"))).toEqual([600, 650, 650, 7]);
  expect([minorOf("500", "JPY"), minorOf("1.234", "KWD")]).toEqual([500, 1234]);
  for (const typed of ["", "-1", "6.001", "1.000,00", "six", "1e3"]) expect(minorOf(typed, "EUR")).toBeNull();
  expect([minorOf("5.0", "JPY"), minorOf("5", "EU")]).toEqual([null, null]);
});

it("writes into a field what it would read from it", () => {
  for (const [amount, currency] of [
    [1, "EUR"],
    [123_456_789, "USD"],
    [500, "JPY"],
    [1234, "KWD"],
  ] as const)
    expect(minorOf(asTyped(amount, currency), currency)).toBe(amount);
});
