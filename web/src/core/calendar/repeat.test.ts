import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { plusDays, weekdayOf } from "./days";
import { daysOf, follow, lastDay, nthOf, readRule, type Repeat, writeRule } from "./repeat";

const weekly: Repeat = { every: "week", interval: 1, on: ["MO"], ends: { by: "count", count: 12 } };

describe("a rule", () => {
  it.each<[string, Repeat]>([
    ["FREQ=DAILY", { every: "day", interval: 1, ends: { by: "never" } }],
    ["FREQ=WEEKLY;BYDAY=MO;COUNT=12", weekly],
    [
      "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;UNTIL=20270215T155900Z",
      { every: "week", interval: 2, on: ["TU", "TH"], ends: { by: "until", day: "2027-02-15" } },
    ],
    ["FREQ=MONTHLY;BYMONTHDAY=31", { every: "month", interval: 1, on: { day: 31 }, ends: { by: "never" } }],
    [
      "FREQ=MONTHLY;BYDAY=-1FR",
      { every: "month", interval: 1, on: { nth: -1, weekday: "FR" }, ends: { by: "never" } },
    ],
    ["FREQ=YEARLY;INTERVAL=4", { every: "year", interval: 4, ends: { by: "never" } }],
  ])("%s is written and read as the same", (rule, repeat) => {
    expect(writeRule(repeat, "Asia/Shanghai")).toBe(rule);
    expect(readRule(rule, "2026-11-30", "Asia/Shanghai")).toEqual(repeat);
  });

  it("takes what it leaves out from its first day", () => {
    expect(readRule("RRULE:FREQ=WEEKLY", "2026-11-30", "UTC")).toMatchObject({ on: ["MO"] });
    expect(readRule("FREQ=MONTHLY", "2026-11-30", "UTC")).toMatchObject({ on: { day: 30 } });
    expect(readRule("FREQ=WEEKLY;UNTIL=20270215", "2026-11-30", "UTC")).toMatchObject({
      ends: { by: "until", day: "2027-02-15" },
    });
    expect(readRule("FREQ=WEEKLY;UNTIL=20270215T235959Z", "2026-11-30", "UTC")).toMatchObject({
      ends: { by: "until", day: "2027-02-15" },
    });
  });

  it.each([
    ["a frequency that the form has not", "FREQ=HOURLY"],
    ["a part that the form can't say", "FREQ=DAILY;BYDAY=MO"],
    ["several nths", "FREQ=MONTHLY;BYDAY=1MO,3MO"],
    ["an interval of nothing", "FREQ=DAILY;INTERVAL=0"],
    ["a count of too many", "FREQ=DAILY;COUNT=1000"],
    ["a day that there is not", "FREQ=DAILY;UNTIL=20270230"],
    ["nonsense", "hello"],
  ])("with %s is not bent into another", (_, rule) => {
    expect(readRule(rule, "2026-11-30", "UTC")).toBeUndefined();
  });
});

describe("the days of a series", () => {
  it("twelve Mondays end where the picture says", () => {
    expect(lastDay(weekly, "2026-11-30")).toBe("2027-02-15");
  });

  it("every second week on two days counts weeks from Monday", () => {
    const repeat: Repeat = { every: "week", interval: 2, on: ["MO", "TH"], ends: { by: "never" } };
    expect(daysOf(repeat, "2026-11-26", 4)).toEqual(["2026-11-26", "2026-12-07", "2026-12-10", "2026-12-21"]);
  });

  it("the 31st is left out where a month has none", () => {
    const repeat: Repeat = { every: "month", interval: 1, on: { day: 31 }, ends: { by: "never" } };
    expect(daysOf(repeat, "2026-12-31", 4)).toEqual(["2026-12-31", "2027-01-31", "2027-03-31", "2027-05-31"]);
  });

  it("the last Friday is the last one, and February 29 comes every fourth year", () => {
    const last: Repeat = {
      every: "month",
      interval: 1,
      on: { nth: -1, weekday: "FR" },
      ends: { by: "never" },
    };
    expect(daysOf(last, "2026-11-27", 3)).toEqual(["2026-11-27", "2026-12-25", "2027-01-29"]);
    const leap: Repeat = { every: "year", interval: 1, ends: { by: "never" } };
    expect(daysOf(leap, "2028-02-29", 2)).toEqual(["2028-02-29", "2032-02-29"]);
  });

  it("until is its last day", () => {
    const repeat: Repeat = { every: "day", interval: 1, ends: { by: "until", day: "2026-12-02" } };
    expect(daysOf(repeat, "2026-11-30", 99)).toEqual(["2026-11-30", "2026-12-01", "2026-12-02"]);
  });

  it("a rule that never fits ends all the same", () => {
    const never: Repeat = { every: "month", interval: 12, on: { day: 31 }, ends: { by: "never" } };
    expect(daysOf(never, "2026-11-01", 5)).toEqual([]);
  });

  it("are in order, never twice, and each fits its rule", () => {
    assert(
      property(integer({ min: 0, max: 3000 }), integer({ min: 1, max: 5 }), (offset, interval) => {
        const start = plusDays("2026-01-01", offset);
        const repeat: Repeat = {
          every: "week",
          interval,
          on: [weekdayOf(start), "WE"],
          ends: { by: "count", count: 9 },
        };
        const days = daysOf(repeat, start, 99);
        expect(days).toEqual([...new Set(days)].sort());
        expect(days).toHaveLength(9);
        expect(readRule(writeRule(repeat, "UTC"), start, "UTC")).toMatchObject({ every: "week", interval });
      }),
    );
  });
});

it("a rule of one weekday goes along with its first day, one of several stays", () => {
  expect(follow(weekly, "2026-11-30", "2026-12-02")).toMatchObject({ on: ["WE"] });
  const several: Repeat = { ...weekly, on: ["MO", "WE"] };
  expect(follow(several, "2026-11-30", "2026-12-04")).toBe(several);
});

it("the fifth of a weekday is called the last", () => {
  expect(nthOf("2026-11-30")).toEqual({ nth: -1, weekday: "MO" });
  expect(nthOf("2026-11-10")).toEqual({ nth: 2, weekday: "TU" });
});
