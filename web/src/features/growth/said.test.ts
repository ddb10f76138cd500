import { expect, it } from "vitest";

import { money, range } from "./said";

it.each([
  [178_000_000_000, 180_000_000_000, "USD", "en", "$1.78–1.80B"],
  [90_000_000_000, 110_000_000_000, "USD", "en", "$900M–$1.10B"],
  [100_800, 112_000, "EUR", "en", "€1,008–1,120"],
  [100_800, 100_840, "EUR", "en", "€1,008"],
  [0, 0, "EUR", "en", "€0"],
  [178_000_000_000, 180_000_000_000, "USD", "zh-CN", "17.8–18.0亿美元"],
])("a forecast of %i to %i %s reads in %s as %s", (low, high, currency, locale, said) => {
  expect(range(low, high, currency, locale)).toBe(said);
});

it("writes small sums whole and large ones short", () => {
  expect(money(30_247, "EUR", "en")).toBe("€302.47");
  expect(money(66_350_000_000, "USD", "en")).toBe("$663.5M");
  expect(money(-100, "JPY", "en")).toBe("-¥100");
});
