/** How figures are written. Pure. Money comes in minor units of its currency. */
export interface Span {
  id: string;
  first: string;
  last: string;
}

const ZH = "zh-CN";

/** So many minor units make one. What isn't three letters is no currency yet: it is being typed. */
export function units(currency: string): number {
  if (!/^[A-Z]{3}$/i.test(currency)) return 100;
  const written = new Intl.NumberFormat("en", { style: "currency", currency });
  return 10 ** (written.resolvedOptions().maximumFractionDigits ?? 2);
}

function whole(minor: number, currency: string): number {
  return minor / units(currency);
}

/** Below it, all is written. */
const LONG = 10_000;

/** `$663.5M`, `6.635亿美元`; `€302.47`. */
export function money(minor: number, currency: string, locale: string): string {
  if (Math.abs(whole(minor, currency)) < LONG)
    return new Intl.NumberFormat(tag(locale), {
      style: "currency",
      currency,
      currencyDisplay: locale === ZH ? "name" : "narrowSymbol",
    }).format(whole(minor, currency));
  return new Intl.NumberFormat(tag(locale), {
    style: "currency",
    currency,
    currencyDisplay: locale === ZH ? "name" : "narrowSymbol",
    notation: "compact",
    minimumFractionDigits: 0,
    maximumSignificantDigits: 4,
  }).format(whole(minor, currency));
}

/** `$2.37–2.39B`, `€1,008–1,120`: the unit once. Where both ends read the same it is one number. */
export function range(low: number, high: number, currency: string, locale: string): string {
  const long = Math.abs(whole(high, currency)) >= LONG;
  const write = (minor: number) => {
    const parts = new Intl.NumberFormat(tag(locale), {
      style: "currency",
      currency,
      currencyDisplay: locale === ZH ? "name" : "narrowSymbol",
      ...(long
        ? { notation: "compact", maximumSignificantDigits: 3, minimumSignificantDigits: 3 }
        : { maximumFractionDigits: 0 }),
    }).formatToParts(whole(minor, currency));
    const number = parts.filter(({ type }) => ["integer", "decimal", "fraction", "group"].includes(type));
    return {
      number: number.map(({ value }) => value).join(""),
      whole: parts.map(({ value }) => value).join(""),
    };
  };
  const [from, to] = [write(low), write(high)];
  if (from.whole === to.whole) return to.whole;
  // Of another unit (900M to 1.1B) both are said whole.
  const alike = from.whole.replace(from.number, "") === to.whole.replace(to.number, "");
  return alike ? to.whole.replace(to.number, `${from.number}–${to.number}`) : `${from.whole}–${to.whole}`;
}

/** In a chart, whose title names the currency. */
export function short(minor: number, currency: string, locale: string): string {
  return new Intl.NumberFormat(tag(locale), { notation: "compact", maximumSignificantDigits: 4 }).format(
    whole(minor, currency),
  );
}

export function exact(minor: number, currency: string, locale: string): string {
  if (currency === "") return "";
  return new Intl.NumberFormat(tag(locale), { style: "currency", currency, currencyDisplay: "code" }).format(
    whole(minor, currency),
  );
}

/** `19.5M`, `1950万`: in a chart. */
export function compact(many: number, locale: string): string {
  return new Intl.NumberFormat(tag(locale), { notation: "compact", maximumSignificantDigits: 3 }).format(
    many,
  );
}

export function count(many: number, locale: string): string {
  return new Intl.NumberFormat(tag(locale)).format(many);
}

/** `+355%`; nothing to compare with has no number. */
export function change(part: number | null, locale: string): string {
  return part === null
    ? "–"
    : new Intl.NumberFormat(tag(locale), {
        style: "percent",
        signDisplay: "exceptZero",
        maximumFractionDigits: 0,
      }).format(part);
}

export function percent(part: number | null, locale: string): string {
  return part === null
    ? "–"
    : new Intl.NumberFormat(tag(locale), { style: "percent", maximumFractionDigits: 1 }).format(part);
}

/** A month as the events have it, `2020-07`. */
export function month(written: string, locale: string): string {
  return format(written, locale, { month: "short", year: "numeric" });
}

export function span({ first, last }: Span, locale: string): string {
  const months = new Intl.DateTimeFormat(tag(locale), { month: "short", year: "numeric", timeZone: "UTC" });
  return months.formatRange(at(first), at(last));
}

/** Below a bar: the month, and its year where that is another than before. */
export function label(written: string, before: string | undefined, locale: string): [string, string] {
  const year = written.slice(0, 4);
  return [
    format(written, locale, { month: "short" }),
    before?.slice(0, 4) === year ? "" : format(written, locale, { year: "numeric" }),
  ];
}

export function day(written: string, locale: string): string {
  return new Intl.DateTimeFormat(tag(locale), { dateStyle: "medium", timeZone: "UTC" }).format(
    new Date(written.length > 10 ? `${written.slice(0, 19)}Z` : written),
  );
}

function format(written: string, locale: string, as: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(tag(locale), { ...as, timeZone: "UTC" }).format(at(written));
}

const at = (written: string) => new Date(`${written.slice(0, 7)}-01T00:00:00Z`);
/** The stretched language is no one of a region. */
const tag = (locale: string) => (locale === ZH ? ZH : "en-US");
