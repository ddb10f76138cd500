/**
 * How a meeting repeats, in the words of its planner, and as a rule of iCalendar (RFC 5545 RRULE). Days only: the time
 * of day stays what it is, whatever the clocks of its zone do. Pure.
 *
 * Law: `readRule` takes what `writeRule` writes and whatever else of a rule can be said in the form; a rule that can't
 * be said there is not bent into one that can, it is `undefined`.
 */
import {
  type Day,
  dayOf,
  daysInMonth,
  partsOf,
  plusDays,
  readDay,
  type Weekday,
  weekdayOf,
  weekdays,
} from "./days";
import { momentOf, wallClock } from "./zones";

export type Ends = { by: "never" } | { by: "count"; count: number } | { by: "until"; day: Day };

/** The nth such weekday of a month; -1 is the last one. */
export type Nth = 1 | 2 | 3 | 4 | -1;

export type Repeat = { interval: number; ends: Ends } & (
  | { every: "day" }
  | { every: "week"; on: readonly Weekday[] }
  | { every: "month"; on: { day: number } | { nth: Nth; weekday: Weekday } }
  | { every: "year" }
);

/** More than a planner means, and what a server takes: beyond these the form says so. */
export const most = { interval: 99, count: 999 } as const;

const words = { day: "DAILY", week: "WEEKLY", month: "MONTHLY", year: "YEARLY" } as const;

/** @param zone of the meeting: the last day ends at its midnight, which a rule says in UTC */
export function writeRule(repeat: Repeat, zone: string): string {
  const { interval, ends } = repeat;
  return [
    `FREQ=${words[repeat.every]}`,
    interval > 1 && `INTERVAL=${interval}`,
    onOf(repeat),
    ends.by === "count" && `COUNT=${ends.count}`,
    ends.by === "until" && `UNTIL=${stamp(momentOf(`${ends.day}T23:59`, zone))}`,
  ]
    .filter(Boolean)
    .join(";");
}

function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function onOf(repeat: Repeat): string | undefined {
  if (repeat.every === "week") return `BYDAY=${inOrder(repeat.on).join(",")}`;
  if (repeat.every !== "month") return undefined;
  const { on } = repeat;
  return "day" in on ? `BYMONTHDAY=${on.day}` : `BYDAY=${on.nth}${on.weekday}`;
}

export function inOrder(days: readonly Weekday[]): Weekday[] {
  return weekdays.filter((day) => days.includes(day));
}

/** @param start a rule leaves out what its first day says */
export function readRule(text: string, start: Day, zone: string): Repeat | undefined {
  const parts = new Map(
    text
      .replace(/^RRULE:/i, "")
      .split(";")
      .map((part) => part.toUpperCase().split("=", 2) as [string, string | undefined]),
  );
  const interval = readCount(parts.get("INTERVAL") ?? "1", most.interval);
  const ends = readEnds(parts.get("COUNT"), parts.get("UNTIL"), zone);
  if (!interval || !ends) return undefined;
  const base = { interval, ends };
  switch (parts.get("FREQ")) {
    case "DAILY":
      return hasOnly(parts) ? { every: "day", ...base } : undefined;
    case "WEEKLY": {
      const on = readWeekdays(parts.get("BYDAY") ?? weekdayOf(start));
      return on && hasOnly(parts, "BYDAY") ? { every: "week", on, ...base } : undefined;
    }
    case "MONTHLY": {
      const on = readMonthly(parts.get("BYDAY"), parts.get("BYMONTHDAY"), start);
      return on && hasOnly(parts, "BYDAY", "BYMONTHDAY") ? { every: "month", on, ...base } : undefined;
    }
    case "YEARLY":
      return hasOnly(parts) ? { every: "year", ...base } : undefined;
    default:
      return undefined;
  }
}

function hasOnly(parts: ReadonlyMap<string, unknown>, ...allowed: string[]): boolean {
  // Which day a week begins with changes nothing that the form can say, short of every second week on several days.
  const known = new Set(["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", ...allowed]);
  return [...parts.keys()].every((key) => known.has(key));
}

function readCount(text: string, top: number): number | undefined {
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= top ? count : undefined;
}

function readEnds(count: string | undefined, until: string | undefined, zone: string): Ends | undefined {
  if (count !== undefined) {
    const times = readCount(count, most.count);
    return times ? { by: "count", count: times } : undefined;
  }
  if (until === undefined) return { by: "never" };
  const day = readUntil(until, zone);
  return day ? { by: "until", day } : undefined;
}

/** A day, a local time, or a moment in UTC, which may be another day there. */
function readUntil(until: string, zone: string): Day | undefined {
  const written = until.replace(/^(\d{4})(\d{2})(\d{2})/, "$1-$2-$3");
  if (!/^[\d-]{10}T\d{6}Z$/.test(written)) return readDay(written);
  const moment = Date.parse(written.replace(/T(\d\d)(\d\d)(\d\d)/, "T$1:$2:$3"));
  return Number.isNaN(moment) ? undefined : readDay(wallClock(zone, moment));
}

function readWeekdays(text: string): Weekday[] | undefined {
  const days = text.split(",");
  return days.every(isWeekday) ? inOrder(days as Weekday[]) : undefined;
}

function isWeekday(text: string): text is Weekday {
  return (weekdays as readonly string[]).includes(text);
}

function readMonthly(byDay: string | undefined, byDate: string | undefined, start: Day) {
  if (byDay === undefined) {
    const day = readCount(byDate ?? String(partsOf(start).day), 31);
    return day ? { day } : undefined;
  }
  const [, nth = "", weekday = ""] = /^\+?(-?\d)([A-Z]{2})$/.exec(byDay) ?? [];
  if (byDate !== undefined || !["1", "2", "3", "4", "-1"].includes(nth) || !isWeekday(weekday))
    return undefined;
  return { nth: Number(nth) as Nth, weekday };
}

/** The rule that fits when another first day is chosen: a weekly one moves along with a single weekday. */
export function follow(repeat: Repeat, before: Day, day: Day): Repeat {
  if (repeat.every === "week") {
    const isOne = repeat.on.length === 1 && repeat.on[0] === weekdayOf(before);
    return isOne ? { ...repeat, on: [weekdayOf(day)] } : repeat;
  }
  if (repeat.every !== "month") return repeat;
  return { ...repeat, on: "day" in repeat.on ? { day: partsOf(day).day } : nthOf(day) };
}

/** Which of its month's such weekdays a day is; the fifth is the last. */
export function nthOf(day: Day): { nth: Nth; weekday: Weekday } {
  const count = Math.ceil(partsOf(day).day / 7);
  return { nth: count > 4 ? -1 : (count as Nth), weekday: weekdayOf(day) };
}

/** Longer than anybody looks ahead; a rule that gives nothing ends there too. */
const HORIZON_DAYS = 366 * 30;

/** The days of a series in their order, from its first one on. @param top no more than these */
export function daysOf(repeat: Repeat | null, start: Day, top: number): Day[] {
  if (!repeat) return [start];
  const { ends } = repeat;
  const count = Math.min(top, ends.by === "count" ? ends.count : top);
  const last = ends.by === "until" ? ends.day : plusDays(start, HORIZON_DAYS);
  const found: Day[] = [];
  for (const day of candidates(repeat, start)) {
    if (found.length >= count || day > last) break;
    found.push(day);
  }
  return found;
}

/** The last day of a series that has one. */
export function lastDay(repeat: Repeat, start: Day): Day | undefined {
  return repeat.ends.by === "never" ? undefined : daysOf(repeat, start, 20_000).at(-1);
}

function* candidates(repeat: Repeat, start: Day): Generator<Day> {
  const end = plusDays(start, HORIZON_DAYS);
  if (repeat.every === "day") {
    for (let day = start; day <= end; day = plusDays(day, repeat.interval)) yield day;
  } else if (repeat.every === "week") {
    for (let day = start; day <= end; day = plusDays(day, 1)) if (fits(repeat, day, start)) yield day;
  } else yield* byMonth(repeat, start, end);
}

function* byMonth(
  repeat: Extract<Repeat, { every: "month" | "year" }>,
  start: Day,
  end: Day,
): Generator<Day> {
  const from = partsOf(start);
  const step = repeat.every === "year" ? 12 : 1;
  for (let month = from.month; ; month += repeat.interval * step) {
    const first = partsOf(dayOf(from.year, month, 1));
    const day = inMonth(repeat, first.year, first.month, from.day);
    if (day !== undefined && day > end) return;
    if (dayOf(from.year, month, 1) > end) return;
    if (day !== undefined && day >= start) yield day;
  }
}

/** A month without that day is left out, as RFC 5545 has it. */
function inMonth(
  repeat: Extract<Repeat, { every: "month" | "year" }>,
  year: number,
  month: number,
  date: number,
): Day | undefined {
  const length = daysInMonth(year, month);
  if (repeat.every === "year" || "day" in repeat.on) {
    const wanted = repeat.every === "month" && "day" in repeat.on ? repeat.on.day : date;
    return wanted <= length ? dayOf(year, month, wanted) : undefined;
  }
  const { nth, weekday } = repeat.on;
  const from = nth === -1 ? length - 6 : 1 + (nth - 1) * 7;
  const found = [0, 1, 2, 3, 4, 5, 6].map((offset) => dayOf(year, month, from + offset));
  return found.find((day) => weekdayOf(day) === weekday);
}

function fits(repeat: Repeat, day: Day, start: Day = day): boolean {
  switch (repeat.every) {
    case "week":
      return repeat.on.includes(weekdayOf(day)) && weeksBetween(start, day) % repeat.interval === 0;
    case "month":
      return inMonth(repeat, partsOf(day).year, partsOf(day).month, partsOf(day).day) === day;
    default:
      return true;
  }
}

/** Weeks begin on Monday. */
function weeksBetween(start: Day, day: Day): number {
  return Math.round((mondayOf(day) - mondayOf(start)) / 7);
}

function mondayOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / 86_400_000 - weekdays.indexOf(weekdayOf(day));
}
