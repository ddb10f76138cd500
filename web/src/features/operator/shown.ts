/** Days as the browser's region writes them. */

const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const day = (when: string) => said(days, when);
export const moment = (when: string) => said(moments, when);

function said(format: Intl.DateTimeFormat, when: string): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? "" : format.format(date);
}
