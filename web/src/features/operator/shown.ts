/** Sizes and days as the browser's region writes them. */
const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

export function size(bytes: number): string {
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const format = new Intl.NumberFormat(undefined, {
    style: "unit",
    unit: units[step] ?? "byte",
    maximumFractionDigits: step > 2 ? 1 : 0,
  });
  return format.format(bytes / 1000 ** step);
}

const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const day = (when: string) => said(days, when);
export const moment = (when: string) => said(moments, when);

function said(format: Intl.DateTimeFormat, when: string): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? "" : format.format(date);
}
