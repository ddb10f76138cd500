/** Amounts come as whole minor units of a currency; they are written as the reader's language has them. */

export function inWords(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** @param rate hundredths of a percent */
export function percent(rate: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(rate / 10_000);
}

/** A day such as `2026-12-01`, which is the same day everywhere. */
export function day(said: string, locale: string): string {
  return format(locale).format(noon(said));
}

/** From one to another, each inclusive. */
export function days(first: string, last: string, locale: string): string {
  return format(locale).formatRange(noon(first), noon(last));
}

const noon = (said: string) => new Date(`${said}T12:00:00Z`);
const format = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
