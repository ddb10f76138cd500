import { expect, it } from "vitest";

import { clock } from "./clock";

it("a meeting's length has hours, minutes and seconds, and is never negative", () => {
  expect(clock(2_530_000)).toBe("00:42:10");
  expect(clock(36_000_000)).toBe("10:00:00");
  expect(clock(-5)).toBe("00:00:00");
});
