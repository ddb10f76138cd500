import { expect, it } from "vitest";

import type { Planned } from "../api/calendar-client";

import {
  addPeople,
  changeOf,
  draftOf,
  endClock,
  freshDraft,
  onDay,
  repeating,
  untilClock,
  wishedOf,
  wrongIn,
} from "./draft";

const now = Date.parse("2026-11-30T05:10:00Z");
const fresh = freshDraft(now, "Asia/Shanghai");

it("begins at the next half hour of the planner's clocks", () => {
  expect([fresh.day, fresh.from, endClock(fresh)]).toEqual(["2026-11-30", "13:30", "14:15"]);
  expect(wrongIn(fresh, now, true)).toEqual([]);
});

it("an end before its start is the next day's", () => {
  const night = untilClock({ ...fresh, from: "23:30" }, "00:15");
  expect([night.minutes, endClock(night)]).toEqual([45, "00:15"]);
});

it("a weekly one goes along with its first day", () => {
  const weekly = onDay(repeating(fresh, "week"), "2026-12-02");
  expect(wishedOf(weekly).rrule).toBe("FREQ=WEEKLY;BYDAY=WE;COUNT=12");
});

it("says what is wrong before the server is asked", () => {
  expect(wrongIn({ ...fresh, day: "2026-11-29" }, now, true)).toEqual(["past"]);
  expect(wrongIn({ ...fresh, day: "2026-11-29" }, now, false)).toEqual([]);
  expect(wrongIn({ ...fresh, capacity: "1.5", title: "x".repeat(201) }, now, true)).toEqual([
    "title",
    "capacity",
  ]);
});

it("of one alone only what can be another is asked for", () => {
  expect(changeOf(fresh, "this", "2026-11-30T13:30")).toEqual({
    title: "",
    notes: "",
    starts: "2026-11-30T13:30",
    minutes: 45,
    scope: "this",
    at: "2026-11-30T13:30",
  });
  expect(changeOf(fresh, "all", undefined)).toHaveProperty("preset", "careful");
});

it("from one of a series on as many are left as were to come", () => {
  const at = "2026-11-09T09:00";
  const physics = {
    starts: "2026-10-19T09:00",
    time_zone: "Europe/Berlin",
    rrule: "FREQ=WEEKLY;COUNT=12",
    people: [],
    coming: [{ at, title: "Physics", starts_at: "2026-11-09T08:00:00Z", ends_at: "2026-11-09T08:45:00Z" }],
  } as unknown as Planned;
  expect(draftOf(physics, now, at).repeat?.ends).toEqual({ by: "count", count: 9 });
  expect(draftOf(physics, now).repeat?.ends).toEqual({ by: "count", count: 12 });
});

it("who is there already is not added again", () => {
  const people = addPeople(fresh.people, [{ name: "Bo", address: "bo@x.example" }]);
  expect(addPeople(people, [{ name: "Other", address: "BO@x.example" }])).toEqual(people);
});
