import { expect, test } from "vitest";

import { nextNotice, noticed, strong } from "./weakness";

test("a weak line is said at once, and goes ten seconds after it is well again", () => {
  const weak = noticed(strong, true, 1000);
  expect(weak.isShown).toBe(true);
  const better = noticed(weak, false, 5000);
  expect(better.isShown).toBe(true);
  expect(nextNotice(better)).toBe(15_000);
  expect(noticed(better, false, 14_999).isShown).toBe(true);
  expect(noticed(better, false, 15_000).isShown).toBe(false);
});

test("a relapse while it is shown keeps it", () => {
  const relapsed = noticed(noticed(noticed(strong, true, 0), false, 4000), true, 8000);
  expect(relapsed.isShown).toBe(true);
  expect(noticed(relapsed, true, 40_000).isShown).toBe(true);
});

test("it is not said twice within a minute, but after it if it is still true", () => {
  const over = noticed(noticed(noticed(strong, true, 0), false, 1000), false, 11_000);
  const again = noticed(over, true, 20_000);
  expect(again.isShown).toBe(false);
  expect(nextNotice(again)).toBe(60_000);
  expect(noticed(again, true, 60_000).isShown).toBe(true);
});
