/**
 * The form in which a meeting is planned: what stands in its fields, what is wrong with them, and what is asked of the
 * server. Pure. Law: whatever is refused keeps what was typed.
 */
import type { Change, Invite, Planned, Scope, Template, Wished } from "../api/calendar-client";
import { graphemes, tidyName } from "../names";

import { type Day, readDay, weekdayOf } from "./days";
import { type Invited, keyOf, looksLikeAddress, unique } from "./people";
import { daysOf, follow, readRule, type Repeat, writeRule } from "./repeat";
import { momentOf, wallClock } from "./zones";

export interface DraftPerson extends Invited {
  /** Of the invitation, when there is one already. */
  id?: string;
  cohost: boolean;
}

export interface Draft {
  title: string;
  notes: string;
  day: Day;
  /** `14:00` on the clocks of the zone */
  from: string;
  minutes: number;
  zone: string;
  repeat: Repeat | null;
  /** A rule that the form can't say, kept as it came until another is chosen. */
  foreign: string | null;
  people: readonly DraftPerson[];
  waitingRoom: "off" | "guests" | "everyone";
  who: "link" | "signed_in" | "invited";
  preset: string;
  earlyMinutes: number;
  /** As it is typed; empty: as many as the server has room for. */
  capacity: string;
  attendance: boolean;
  /** Number and passcode let somebody in, as a link does. */
  byNumber: boolean;
}

/** As long as titles and notes may be on the server. */
export const longest = { title: 200, notes: 4000, minutes: 1440 } as const;

const HALF_HOUR_MS = 30 * 60_000;

/** At the next half hour, for three quarters of one more. */
export function freshDraft(now: number, zone: string): Draft {
  const [day = "", from = ""] = wallClock(zone, Math.ceil(now / HALF_HOUR_MS) * HALF_HOUR_MS).split("T");
  return {
    title: "",
    notes: "",
    day,
    from,
    minutes: 45,
    zone,
    repeat: null,
    foreign: null,
    people: [],
    waitingRoom: "guests",
    who: "link",
    preset: "careful",
    earlyMinutes: 10,
    capacity: "",
    attendance: false,
    byNumber: true,
  };
}

/** What is planned, as it stands in the form. @param at the one of a series that is meant */
export function draftOf(planned: Planned, now: number, at?: string): Draft {
  const one = planned.coming.find((each) => each.at === at);
  const starts = one ? wallClock(planned.time_zone, Date.parse(one.starts_at)) : planned.starts;
  const [day = "", from = ""] = (starts ?? wallClock(planned.time_zone, now)).split("T");
  const repeat = planned.rrule === null ? undefined : readRule(planned.rrule, day, planned.time_zone);
  return {
    ...freshDraft(now, planned.time_zone),
    title: one?.title ?? planned.title,
    notes: planned.notes,
    day,
    from: from.slice(0, 5),
    minutes: one ? minutesOf(one.starts_at, one.ends_at) : planned.minutes,
    repeat: (one && repeat ? restOf(repeat, planned, one.at) : repeat) ?? null,
    foreign: planned.rrule !== null && !repeat ? planned.rrule : null,
    people: planned.people.filter(({ revoked }) => !revoked).map(personOf),
    ...settingsOf(planned),
  };
}

/** From one of them on: what was counted before it isn't to come again. */
function restOf(repeat: Repeat, planned: Planned, at: string): Repeat {
  if (repeat.ends.by !== "count") return repeat;
  const { count } = repeat.ends;
  const days = daysOf(repeat, (planned.starts ?? at).slice(0, 10), count);
  const before = days.filter((day) => day < at.slice(0, 10)).length;
  return { ...repeat, ends: { by: "count", count: Math.max(1, count - before) } };
}

function minutesOf(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 60_000);
}

function personOf({ id, name, address, account, cohost }: Planned["people"][number]): DraftPerson {
  return { id, name, address: address ?? "", cohost, ...(account !== null && { account }) };
}

type Settings = Pick<
  Draft,
  "waitingRoom" | "who" | "preset" | "earlyMinutes" | "capacity" | "attendance" | "byNumber"
>;

/** What a meeting and a template have in common. */
function settingsOf(from: Planned | Template): Settings {
  return {
    waitingRoom: from.waiting_room ?? (from.preset === "open" ? "off" : "guests"),
    who: from.who ?? "link",
    preset: from.preset ?? "careful",
    earlyMinutes: from.early_minutes ?? 10,
    capacity: String(from.capacity ?? ""),
    attendance: from.attendance ?? false,
    byNumber: from.by_number ?? true,
  };
}

export function withTemplate(draft: Draft, template: Template): Draft {
  const { title: named = "", minutes = draft.minutes } = template;
  const title = draft.title === "" ? named : draft.title;
  return { ...draft, title, minutes, ...settingsOf(template) };
}

export function templateOf(draft: Draft, name: string): Omit<Template, "id"> {
  const capacity = readCapacity(draft.capacity);
  return {
    name,
    title: draft.title.trim(),
    minutes: draft.minutes,
    preset: draft.preset,
    who: draft.who,
    waiting_room: draft.waitingRoom,
    early_minutes: draft.earlyMinutes,
    attendance: draft.attendance,
    by_number: draft.byNumber,
    ...(capacity !== undefined && { capacity }),
  };
}

/** Another first day takes a weekly rule along. */
export function onDay(draft: Draft, day: Day): Draft {
  return { ...draft, day, repeat: draft.repeat && follow(draft.repeat, draft.day, day) };
}

/** Its end stays as far away as it was. */
export function untilClock(draft: Draft, to: string): Draft {
  const apart = clockMinutes(to) - clockMinutes(draft.from);
  return { ...draft, minutes: apart > 0 ? apart : apart + 24 * 60 };
}

export function endClock({ from, minutes }: Draft): string {
  const end = (clockMinutes(from) + minutes) % (24 * 60);
  return `${String(Math.floor(end / 60)).padStart(2, "0")}:${String(end % 60).padStart(2, "0")}`;
}

function clockMinutes(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

export function startOf({ day, from, zone }: Draft): number {
  return momentOf(`${day}T${from}`, zone);
}

export function endOf(draft: Draft): number {
  return startOf(draft) + draft.minutes * 60_000;
}

/** A rule of a kind, beginning on the draft's day. */
export function repeating(draft: Draft, every: Repeat["every"] | "never" | "workday"): Draft {
  const ends = draft.repeat?.ends ?? ({ by: "count", count: 12 } as const);
  const base = { interval: 1, ends };
  const made: Record<typeof every, Repeat | null> = {
    never: null,
    day: { every: "day", ...base },
    workday: { every: "week", on: ["MO", "TU", "WE", "TH", "FR"], ...base },
    week: { every: "week", on: [weekdayOf(draft.day)], ...base },
    month: { every: "month", on: { day: Number(draft.day.slice(8)) }, ...base },
    year: { every: "year", ...base },
  };
  return { ...draft, repeat: made[every], foreign: null };
}

export type Wrong =
  "title" | "notes" | "day" | "past" | "minutes" | "repeat" | "until" | "capacity" | "people";

/** What the server would refuse, found before it is asked; the first of them is where one is led. */
export function wrongIn(draft: Draft, now: number, isNew: boolean): Wrong[] {
  const { repeat } = draft;
  const ends = repeat?.ends;
  const found: (Wrong | false | undefined)[] = [
    graphemes(draft.title).length > longest.title && "title",
    draft.notes.length > longest.notes && "notes",
    readDay(draft.day) === undefined && "day",
    isNew && endOf(draft) < now && "past",
    (draft.minutes < 1 || draft.minutes > longest.minutes) && "minutes",
    repeat?.every === "week" && repeat.on.length === 0 && "repeat",
    ends?.by === "until" && ends.day < draft.day && "until",
    draft.capacity.trim() !== "" && readCapacity(draft.capacity) === undefined && "capacity",
    draft.people.some(({ address }) => address !== "" && !looksLikeAddress(address)) && "people",
  ];
  return found.filter((each): each is Wrong => Boolean(each));
}

function readCapacity(text: string): number | undefined {
  const count = Number(text.normalize("NFKC").trim());
  return text.trim() !== "" && Number.isInteger(count) && count >= 2 && count <= 10_000 ? count : undefined;
}

/** What is asked for. */
export function wishedOf(draft: Draft): Wished {
  return {
    title: tidyName(draft.title),
    notes: draft.notes.trim(),
    starts: `${draft.day}T${draft.from}`,
    minutes: draft.minutes,
    time_zone: draft.zone,
    preset: draft.preset,
    waiting_room: draft.waitingRoom,
    rrule: draft.repeat ? writeRule(draft.repeat, draft.zone) : draft.foreign,
    who: draft.who,
    early_minutes: draft.earlyMinutes,
    attendance: draft.attendance,
    by_number: draft.byNumber,
    capacity: readCapacity(draft.capacity) ?? null,
  };
}

/** Of one alone only title, notes and times can be another. */
export function changeOf(draft: Draft, scope: Scope, at: string | undefined): Change {
  const { title = "", notes = "", starts = "", minutes = 0, ...rest } = wishedOf(draft);
  const own = { title, notes, starts, minutes, scope, ...(at !== undefined && { at }) };
  return scope === "this" ? own : { ...own, ...rest };
}

/** Who is new in the form, as they are invited. */
export function invitesOf(people: readonly DraftPerson[]): Invite[] {
  return people
    .filter(({ id }) => id === undefined)
    .map(({ name, address, account, cohost }) => {
      const to = account ?? address;
      return name === "" ? { to, cohost } : { to, name, cohost };
    });
}

/** Whose invitation was taken out of the form, and whose part changed. */
export function peopleChanges(before: readonly DraftPerson[], after: readonly DraftPerson[]) {
  const kept = new Map(after.flatMap((each) => (each.id === undefined ? [] : [[each.id, each] as const])));
  const known = before.filter((each): each is DraftPerson & { id: string } => each.id !== undefined);
  return {
    invited: invitesOf(after),
    revoked: known.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
    changed: known
      .filter(({ id, cohost }) => kept.has(id) && kept.get(id)?.cohost !== cohost)
      .map(({ id, cohost }) => ({ id, cohost: !cohost })),
  };
}

/** Once each, whoever was there first. */
export function addPeople(people: readonly DraftPerson[], more: readonly Invited[]): DraftPerson[] {
  const known = new Set(people.map(keyOf));
  const added = unique(more).filter((one) => !known.has(keyOf(one)));
  return [...people, ...added.map((one) => Object.assign({ cohost: false }, one))];
}
