/**
 * Times of day as the browser's region writes them, twelve hours or twenty-four; words follow the chosen language,
 * formats the region. What is no time is no word: a wrong date from elsewhere breaks nothing.
 */
export const SHORT = { timeStyle: "short" } as const;
const short = new Intl.DateTimeFormat(undefined, SHORT);
const exact = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export function timeOfDay(when: string | number, how: "short" | "exact" = "short"): string {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return "";
  return (how === "short" ? short : exact).format(date);
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export function dayOf(when: string): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? "" : day.format(date);
}

/** 00:12:45. A clock that is ahead of the server's never shows a time below nothing. */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
