import { describe, expect, it } from "vitest";

import { formatsOf, nearDay, teller } from "./when";

const at = Date.parse("2026-11-23T09:30:00Z");
const now = Date.parse("2026-11-23T09:20:00Z");
const HOUR = 3_600_000;
/** The narrow space that a newer ICU puts before AM. */
const plain = (text: string | undefined) => text?.replace(/[\u2009\u202f\u00a0]/gu, " ");

const cases = {
  en: teller("en", "UTC"),
  "en-GB": teller("en-GB", "UTC"),
  zh: teller("zh-CN", "UTC"),
};

describe("a moment", () => {
  it.each<[keyof typeof cases, string, string, string]>([
    ["en", "Monday, November 23", "Mon, Nov 23, 9:30 – 10:30 AM", "9:30 AM"],
    ["en-GB", "Monday 23 November", "Mon 23 Nov, 09:30–10:30", "09:30"],
    ["zh", "11月23日星期一", "11月23日周一 09:30–10:30", "09:30"],
  ])("in %s", (locale, long, span, time) => {
    const tell = cases[locale];
    expect(plain(tell.longDay(at))).toBe(long);
    expect(plain(tell.span(at, at + HOUR, now))).toBe(span);
    expect(plain(tell.time(at))).toBe(time);
  });

  it("of another year says which", () => {
    expect(cases.en.shortDay(Date.parse("2027-02-15T09:00Z"), now)).toBe("Feb 15, 2027");
    expect(cases.zh.fullDay("2027-02-15")).toBe("2027年2月15日");
  });

  it("of today is a clock, of another day has its day", () => {
    expect(plain(cases.en.moment(at, now))).toBe("9:30 AM");
    expect(plain(cases.en.moment(at + 24 * HOUR, now))).toBe("Tue, Nov 24, 9:30 AM");
  });

  it("that ends on another day says both", () => {
    const late = Date.parse("2026-11-23T23:30:00Z");
    expect(plain(cases.en.span(late, late + HOUR, now))).toContain("Nov 24");
  });

  it("is on the reader's own day", () => {
    const late = Date.parse("2026-11-23T20:00:00Z");
    expect(teller("en", "Asia/Shanghai").dayOf(late)).toBe("2026-11-24");
    expect(cases.en.dayOf(late)).toBe("2026-11-23");
  });
});

it("near is said in minutes, far is not said", () => {
  expect(cases.en.near(at, now)).toBe("in 10 minutes");
  expect(cases.zh.near(at, now)).toBe("10分钟后");
  expect(cases.en.near(at + 2 * HOUR, now)).toBeUndefined();
  expect(nearDay("en", "2026-11-24", "2026-11-23")).toBe("tomorrow");
  expect(nearDay("zh-CN", "2026-11-22", "2026-11-23")).toBe("昨天");
  expect(nearDay("en", "2026-11-25", "2026-11-23")).toBeUndefined();
});

it("a duration has hours where it has any", () => {
  expect(cases.en.duration(45 * 60_000)).toBe("45 min");
  expect(cases.en.duration(65 * 60_000)).toBe("1 hr 5 min");
  expect(cases.zh.duration(65 * 60_000)).toBe("1小时5分钟");
  expect(cases.zh.duration(0)).toBe("1分钟");
});

it("days follow the words' language, with the region of the browser", () => {
  expect(formatsOf("en", ["zh-CN", "en-GB"])).toBe("en-GB");
  expect(formatsOf("zh-CN", ["en-US"])).toBe("zh-CN");
});
