/**
 * Time zones as people call them. The names are the browser's own (`Intl`), in the reader's language; nothing here is a
 * list of ours. Pure but for asking `Intl`.
 */
export interface ZoneName {
  id: string;
  /** China Standard Time, 中国标准时间 */
  name: string;
  /** Shanghai, Los Angeles: of the id, and so in Latin letters. */
  city: string;
  /** UTC+8, UTC+5:30, UTC+0 at that moment */
  offset: string;
  /** Shanghai UTC+8. One that is an offset and no place is called by it alone: UTC. */
  short: string;
  /** China Standard Time (UTC+8), UTC */
  long: string;
}

export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What the browser knows, and the one it is in, which may have an older name. */
export function allZones(...also: string[]): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set([...also, ...known, "UTC"])].filter(isZone);
}

export function isZone(id: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: id }));
  } catch {
    return false;
  }
}

export function nameZone(id: string, locale: string, at: number): ZoneName {
  const city = (id.split("/").at(-1) ?? id).replaceAll("_", " ");
  const offset = part(id, "en", "shortOffset", at).replace("GMT", "UTC").replace(/^UTC$/, "UTC+0");
  if (isNowhere(id)) {
    const name = offset === "UTC+0" ? "UTC" : offset;
    return { id, city: name, offset, name, short: name, long: name };
  }
  const own = part(id, locale, "longGeneric", at);
  // What has no name of its own is called by its place.
  const name = /^(?:GMT|UTC)/.test(own) ? city : own;
  return { id, city, offset, name, short: `${city} ${offset}`, long: `${name} (${offset})` };
}

/** An offset, and no place that has clocks. */
function isNowhere(id: string): boolean {
  return /^(?:Etc\/.*|UTC|UCT|GMT|Zulu|Universal|Greenwich)$/.test(id);
}

function part(
  timeZone: string,
  locale: string,
  timeZoneName: "longGeneric" | "shortOffset",
  at: number,
): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).formatToParts(at);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
}

/** Whether the clocks of two zones differ at one of these moments. */
export function differs(one: string, other: string, ...moments: number[]): boolean {
  return one !== other && moments.some((at) => wallClock(one, at) !== wallClock(other, at));
}

/** `2026-11-30T14:00` on the clocks of a zone. */
export function wallClock(timeZone: string, at: number): string {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${found["year"]?.padStart(4, "0")}-${found["month"]}-${found["day"]}T${found["hour"]}:${found["minute"]}`;
}

/**
 * The moment at which the clocks of a zone show that. In the hour that is left out in spring, as much later as the
 * clocks jump; in the hour that comes twice in autumn, the first of the two.
 */
export function momentOf(local: string, timeZone: string): number {
  const wanted = Date.parse(`${local.slice(0, 16)}:00Z`);
  const offsetAt = (at: number) => Date.parse(`${wallClock(timeZone, at)}:00Z`) - at;
  const around = [offsetAt(wanted - 86_400_000), offsetAt(wanted + 86_400_000)];
  const fitting = around.map((offset) => wanted - offset).filter((at) => at + offsetAt(at) === wanted);
  return fitting.length > 0 ? Math.min(...fitting) : wanted - (around[0] ?? 0);
}
