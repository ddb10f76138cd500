/** Amounts come as whole minor units of a currency; they are written as the reader's language has them. */

export function inWords(amount: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  return format.format(amount / 10 ** placesOf(currency));
}

/** Of what somebody typed, such as `6` or `6,50`. null: it is no amount of that currency. */
export function minorOf(typed: string, currency: string): number | null {
  if (!isCurrency(currency)) return null;
  const places = placesOf(currency);
  const [, whole = "", rest = ""] = /^(\d{1,12})(?:[.,](\d+))?$/.exec(typed.trim()) ?? [];
  return whole === "" || rest.length > places ? null : Number(whole + rest.padEnd(places, "0"));
}

/** As a field takes it. */
export function asTyped(amount: number, currency: string): string {
  const places = placesOf(currency);
  return (amount / 10 ** places).toFixed(places);
}

/** Three letters; which of them are one, the server says. */
export const isCurrency = (code: string) => /^[A-Z]{3}$/.test(code);

function placesOf(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
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

/** Of `2026-11`. */
export function monthName(said: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { month: "long", timeZone: "UTC" }).format(noon(`${said}-01`));
}

const noon = (said: string) => new Date(`${said}T12:00:00Z`);
const format = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
