import { expect, test } from "vitest";

import type { LogEvent } from "../../core/meeting/wire";

import { attendanceLog } from "./state";

const event = (type: string, payload: LogEvent["payload"], by = "h"): LogEvent => ({
  seq: 1,
  at: "2026-11-28T09:00:00Z",
  feature: "attendance",
  type,
  by,
  payload,
});
const after = (...events: LogEvent[]) =>
  events.reduce((state, each) => attendanceLog.evolve(state, each), attendanceLog.initial);

const on = event("switched", { on: true });
const checking = event("checking", { id: 1, until: "2026-11-28T09:01:00Z" });

test("it is off until somebody switches it on, and then everybody knows", () => {
  expect(attendanceLog.initial.on).toBe(false);
  expect(after(on).on).toBe(true);
  expect(after(on, checking, event("switched", { on: false }))).toEqual(attendanceLog.initial);
});

test("a check-in is there until it is over; whoever answered is once among the present", () => {
  const here = event("here", { id: 1 }, "bo");
  expect(after(on, checking, here, here)).toMatchObject({
    checking: { id: 1, until: "2026-11-28T09:01:00Z" },
    present: ["bo"],
  });
  expect(after(on, checking, here, event("checked", { id: 1, present: 1 }))).toEqual(after(on));
});

test("what was planned is gone when it begins", () => {
  const planned = event("planned", { at: "2026-11-28T09:05:00Z", for_s: 60 });
  expect(after(on, planned).planned).toBe("2026-11-28T09:05:00Z");
  expect(after(on, planned, checking).planned).toBe("");
});

test("who comes later is told what stands, and nonsense is nothing", () => {
  expect(attendanceLog.restore({ on: true, checking: { id: 3, until: "x" }, here: true }, {})).toMatchObject({
    on: true,
    checking: { id: 3 },
    here: true,
  });
  expect(attendanceLog.restore({ on: "yes", checking: 7 }, {})).toEqual(attendanceLog.initial);
});
