/** Days in words: what isn't long ago relative to today, as ui.md has it. */
const DAY_MS = 86_400_000;

export function dayInWords(day: string, locale: string, now = Date.now()): string {
  const date = new Date(`${day}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return "";
  const ago = Math.floor(now / DAY_MS) - Math.floor(date.getTime() / DAY_MS);
  if (ago >= 0 && ago <= 1)
    return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-ago, "day");
  const sameYear = date.getUTCFullYear() === new Date(now).getUTCFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    ...(!sameYear && { year: "numeric" }),
    timeZone: "UTC",
  }).format(date);
}

export function momentInWords(at: string, locale: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(date);
}
