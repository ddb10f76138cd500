/** Months and their days in words. Days are of UTC, wherever the reader is. */

/** A day of a calendar, wherever its reader is: Mon, Mar 2 · 3月2日周一 */
export function plainDay(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(new Date(`${day}T12:00:00Z`));
}

/** March 2026 · 2026年3月 */
export function monthInWords(month: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${month}-15T12:00:00Z`),
  );
}

const MOST_MONTHS = 120;

/** From one to another, the newest first. */
export function monthsOf(first: string, last: string): string[] {
  const count = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const newest = count(last);
  const many = Math.min(MOST_MONTHS, newest - count(first) + 1);
  return Array.from({ length: Math.max(1, many) }, (_, back) => {
    const at = newest - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}
