import { expect, test } from "vitest";

import { Measuring } from "./measured";

test("a line that held has nothing to tell", () => {
  const line = new Measuring();
  line.weak(false, 0);
  expect(line.sum(60_000)).toEqual({ outages: 0, lostMs: 0, weakMs: 0 });
});

test("losses are counted and added up, and so is the time in which it was weak", () => {
  const line = new Measuring();
  line.outage(3000);
  line.weak(true, 10_000);
  line.weak(true, 12_000);
  line.weak(false, 15_000);
  line.outage(4000);
  line.weak(true, 50_000);
  expect(line.sum(60_000)).toEqual({ outages: 2, lostMs: 7000, weakMs: 15_000 });
});
