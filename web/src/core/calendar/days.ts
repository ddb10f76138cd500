/**
 * Days without a clock and without a zone, as people write them into a calendar: `2026-11-30`. They compare as strings.
 * Pure. Law: what is no day gives `undefined` where it is read, and nothing else here ever sees one.
 */
export type Day = string;

/** As a rule of iCalendar names them, in the order of a week. */
export const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof weekdays)[number];

const DAY_MS = 86_400_000;

export function readDay(text: string): Day | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (!found) return undefined;
  const [, year, month, day] = found.map(Number);
  const made = dayOf(year ?? 0, month ?? 0, day ?? 0);
  return made === found[0] ? made : undefined;
}

/** @param month from 1; beyond a year's months it is another year's */
export function dayOf(year: number, month: number, day: number): Day {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

export function partsOf(day: Day): { year: number; month: number; day: number } {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  return { year, month, day: date };
}

export function plusDays(day: Day, count: number): Day {
  return new Date(noonOf(day) + count * DAY_MS).toISOString().slice(0, 10);
}

export function weekdayOf(day: Day): Weekday {
  return weekdays[(new Date(noonOf(day)).getUTCDay() + 6) % 7] ?? "MO";
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** A moment that is on that day in UTC, for formats that are told so. */
export function noonOf(day: Day): number {
  return Date.parse(`${day}T12:00:00Z`);
}
