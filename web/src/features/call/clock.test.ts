import { expect, test } from "vitest";

import { clock } from "./clock";

test("hours, minutes and seconds, never negative", () => {
  expect(clock(0)).toBe("00:00:00");
  expect(clock((12 * 60 + 45) * 1000 + 999)).toBe("00:12:45");
  expect(clock(100 * 3600 * 1000)).toBe("100:00:00");
  expect(clock(-5000)).toBe("00:00:00");
});
