import { expect, test } from "vitest";

import { Measuring } from "./measured";

test("a line that held has nothing to tell", () => {
  const line = new Measuring();
  line.weak(false, 0);
  expect(line.sum(60_000)).toEqual({ outages: 0, lostMs: 0, weakMs: 0 });
});

test("losses are counted and added up, and so is the time in which it was weak", () => {
  const line = new Measuring();
  line.lost(true, 1000);
  line.lost(false, 4000);
  line.weak(true, 10_000);
  line.weak(true, 12_000);
  line.weak(false, 15_000);
  line.lost(true, 20_000);
  line.lost(true, 22_000);
  line.lost(false, 24_000);
  line.weak(true, 50_000);
  expect(line.sum(60_000)).toEqual({ outages: 2, lostMs: 7000, weakMs: 15_000 });
});

test("who leaves while the line is gone isn't told that it held", () => {
  const line = new Measuring();
  line.lost(true, 50_000);
  expect(line.sum(60_000)).toEqual({ outages: 1, lostMs: 10_000, weakMs: 0 });
});

test("an end takes the line along, which is no loss", () => {
  const line = new Measuring();
  line.lost(true, 59_500);
  expect(line.sum(60_000)).toEqual({ outages: 0, lostMs: 0, weakMs: 0 });
});
