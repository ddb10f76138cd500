/**
 * Moments as people read them, through `Intl` alone. Words follow the chosen language, their order and the clock the
 * region of the browser; a zone is said where it is another than the reader's.
 */
import { type Day, noonOf } from "./days";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The browser's own tag of that language, which knows the region; without one the language alone. */
export function formatsOf(language: string, wanted: readonly string[]): string {
  const base = language.split("-")[0] ?? language;
  return wanted.find((tag) => tag.toLowerCase().split("-")[0] === base) ?? language;
}

export interface Teller {
  /** Monday, November 23 · 11月23日星期一 */
  longDay(at: number): string;
  /** Fri, Nov 20 · 11月20日周五; of another year with it, and without the weekday */
  shortDay(at: number, now: number): string;
  /** The same of a day without a clock. */
  day(day: Day, now: number): string;
  /** February 15, 2027 */
  fullDay(day: Day): string;
  /** 9:05 AM of today, Mon, Nov 23, 9:05 AM of another day */
  moment(at: number, now: number): string;
  /** 2:00 PM · 14:00 */
  time(at: number): string;
  /** 2:00 – 2:45 PM · 14:00–14:45 */
  times(from: number, to: number): string;
  /** Mon, Nov 23, 2:00 – 2:45 PM · 11月23日周一 14:00–14:45 */
  span(from: number, to: number, now: number): string;
  /** Monday · 周一 */
  weekday(day: Day, how?: "long" | "short"): string;
  /** 45 min · 1 hr 5 min */
  duration(ms: number): string;
  /** in 10 min, 3 hours ago; undefined beyond an hour, where a clock says more */
  near(at: number, now: number): string | undefined;
  /** and: 周一和周三 */
  list(words: readonly string[]): string;
  /** The day of that moment here, as it compares. */
  dayOf(at: number): Day;
}

/** @param locale as `formatsOf` gives it @param timeZone the reader's */
export function teller(locale: string, timeZone: string): Teller {
  const format = (options: Intl.DateTimeFormatOptions, zone = timeZone) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
  const clock = clockOf(locale);
  const short = { weekday: "short", month: "short", day: "numeric" } as const;
  const long = { weekday: "long", month: "long", day: "numeric" } as const;
  const year = (at: number) => format({ year: "numeric" }).format(at);
  const shortOf = (at: number, now: number): Intl.DateTimeFormatOptions =>
    year(at) === year(now) ? short : { ...short, year: "numeric" };
  const dated = (at: number, now: number, zone = timeZone) => format(shortOf(at, now), zone);
  const dayOf = (at: number) => isoDay(timeZone, at);
  return {
    longDay: (at) => format(long).format(at),
    shortDay: (at, now) =>
      format(year(at) === year(now) ? short : { year: "numeric", month: "short", day: "numeric" }).format(at),
    day: (day, now) => dated(noonOf(day), now, "UTC").format(noonOf(day)),
    fullDay: (day) => format({ dateStyle: "long" }, "UTC").format(noonOf(day)),
    moment: (at, now) =>
      format(dayOf(at) === dayOf(now) ? clock : { ...shortOf(at, now), ...clock }).format(at),
    time: (at) => format(clock).format(at),
    times: (from, to) => format(clock).formatRange(from, to),
    span(from, to, now) {
      const whole = shortOf(from, now);
      // A range in which the day is the same is written in figures by some locales: 11/23.
      if (dayOf(from) !== dayOf(to)) return format({ ...whole, ...clock }).formatRange(from, to);
      return joined(format({ ...whole, ...clock }), from, format(clock).formatRange(from, to));
    },
    weekday: (day, how = "long") => format({ weekday: how }, "UTC").format(noonOf(day)),
    duration: (ms) => spell(locale, ms),
    near: (at, now) => relative(locale, at - now),
    list: (words) => new Intl.ListFormat(locale, { type: "conjunction" }).format(words),
    dayOf,
  };
}

/** With twenty-four hours 09:05, with twelve 9:05 AM. */
function clockOf(locale: string): Intl.DateTimeFormatOptions {
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: "numeric" }).resolvedOptions();
  return { hour: hour12 ? "numeric" : "2-digit", minute: "2-digit" };
}

/** Day and clock as the locale puts them, with a range in the clock's place. */
function joined(format: Intl.DateTimeFormat, at: number, times: string): string {
  const parts = format.formatToParts(at);
  const clock = new Set(["hour", "minute", "dayPeriod"]);
  const first = parts.findIndex(({ type }) => clock.has(type));
  const last = parts.findLastIndex(({ type }) => clock.has(type));
  const text = (some: typeof parts) => some.map(({ value }) => value).join("");
  return text(parts.slice(0, first)) + times + text(parts.slice(last + 1));
}

function isoDay(timeZone: string, at: number): Day {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(at);
  const found = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return `${found["year"]}-${found["month"]}-${found["day"]}`;
}

function spell(locale: string, ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  const unit = (count: number, name: string) =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "short" }).format(count);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours > 0 && unit(hours, "hour"), (rest > 0 || hours === 0) && unit(rest, "minute")];
  return new Intl.ListFormat(locale, { type: "unit", style: "narrow" }).format(
    parts.filter((part): part is string => part !== false),
  );
}

/** Within an hour in minutes, yesterday and tomorrow by the caller's `dayOf`; else nothing. */
function relative(locale: string, ms: number): string | undefined {
  if (Math.abs(ms) > 60 * MINUTE_MS) return undefined;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return format.format(Math.round(ms / MINUTE_MS), "minute");
}

/** Of a day that is not today: yesterday, tomorrow; else nothing. */
export function nearDay(locale: string, day: Day, today: Day): string | undefined {
  const apart = Math.round((noonOf(day) - noonOf(today)) / DAY_MS);
  if (Math.abs(apart) !== 1) return undefined;
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(apart, "day");
}
