/**
 * The way of one person through one meeting: prejoin → joining → entering → meeting → left, and the doors in between.
 *
 * There are two doors. The server gives a ticket to whoever may ask (`joining`); with it the meeting's own channel is
 * opened, and lets in, or queues, or denies (`entering`). Only who is in is sent sound and pictures.
 *
 * Pure: `evolve(journey, event, now)` is all there is to decide. Asking the server is the shell's (travel.ts).
 * Laws: nobody is in a meeting without having pressed Join in prejoin; whatever happens afterwards, the way back in
 * leads through prejoin again. That a meeting has ended is said only when it was said to us.
 */
import type { JoinResult, Refusal } from "../api/types";

import type { Departure, Entry, Waiting } from "./room";

/** What stands at a field of prejoin after a refusal. */
export type FieldNotice =
  | { field: "name"; code: string }
  | { field: "passcode"; code: "no_match" }
  | { field: "passcode"; code: "too_many_tries"; retryAt: number };

/** What is known of a denial besides its reason. */
interface Details {
  most?: number | undefined;
  /** J15: whoever was removed may ask to come back. */
  again?: boolean;
  /** J15: when it was done, ISO 8601. */
  when?: string;
}

/** With a ticket in hand, from the first door on. */
interface Ticketed {
  join: JoinResult;
  /** When they came in; before that, when they came to the door. */
  since: number;
}

/** J2, J4, J5, J13, J14, J15. */
export type Denial =
  "ended" | "locked" | "full" | "at_once" | "removed" | "turned_away" | "waiting_full" | "personal" | "other";

/** J2, J7, J8, and that it would be one meeting too many: said to whoever has proved something. */
export interface Bar {
  why: "over" | "cancelled" | "sign_in" | "not_invited" | "at_once";
  /** When it ended, ms. */
  when?: number;
  /** Its page, for who may see what was kept. */
  meeting?: string;
  /** Who one is signed in as. */
  account?: string;
  /** So many meetings may take place at once. */
  most?: number;
}

export type Journey =
  | { at: "prejoin"; notice: FieldNotice | null }
  /** What has to be answered before one may ask to be let in; the first one is asked. Devices stay as they were. */
  | { at: "gated"; gates: readonly string[] }
  | { at: "joining"; since: number }
  /** J1: unknown, wrong, ended or locked look the same from outside. */
  | { at: "closed" }
  /** J3: `isWaiting` when Join was pressed for when it starts; it is asked again by itself. */
  | { at: "early"; startsAt: number | undefined; againMs: number; isWaiting: boolean }
  | ({ at: "barred" } & Bar)
  /** N9: we go on trying to join. */
  | { at: "unreachable"; lastTry: number }
  | ({ at: "entering" } & Ticketed)
  /** J6 */
  | ({ at: "queued"; place: number; first: number; leftMs: number | undefined } & Ticketed)
  /** `isTried`: it is asked again by itself, as long as one stays here. */
  | ({ at: "denied"; why: Denial; isTried: boolean } & Details & Ticketed)
  /** J11, J12, J16, J17 */
  | ({ at: "waiting"; told: Waiting } & Ticketed)
  | ({ at: "meeting" } & Ticketed)
  | { at: "left"; departure: Departure; title: string; since: number; until: number }
  /** P7: the code of the room could not be fetched. */
  | { at: "unfetched" };

export type Event =
  | { type: "join"; gates?: readonly string[] }
  | { type: "passed"; gate: string }
  | { type: "joined"; join: JoinResult }
  | { type: "refused"; refusal: Refusal }
  | { type: "unreachable" }
  /** J3: let me in when it starts. */
  | { type: "wait" }
  | { type: "stood"; entry: Entry }
  | { type: "departed"; departure: Departure }
  | { type: "unfetched" }
  /** Try again at a closed door, Cancel in the queue, Rejoin on the left page. */
  | { type: "back" };

export const start: Journey = { at: "prejoin", notice: null };

/** An event that does not fit where we are is late, not wrong: it changes nothing. */
export function evolve(journey: Journey, event: Event, now: number): Journey {
  switch (event.type) {
    case "join":
      return journey.at === "prejoin" ? askIn(event.gates ?? [], now) : journey;
    case "passed":
      return journey.at === "gated" && journey.gates[0] === event.gate
        ? askIn(journey.gates.slice(1), now)
        : journey;
    case "joined":
      return trying(journey) ? { at: "entering", join: event.join, since: now } : journey;
    case "refused":
      return trying(journey) ? refuse(journey, event.refusal, now) : journey;
    case "unreachable":
      return trying(journey) && journey.at !== "early" ? { at: "unreachable", lastTry: now } : journey;
    case "wait":
      return journey.at === "early" ? { ...journey, isWaiting: true } : journey;
    case "stood":
      return isTicketed(journey) ? stand(journey, event.entry, now) : journey;
    case "departed":
      return isTicketed(journey) ? leave(journey, event.departure, now) : journey;
    case "unfetched":
      return journey.at === "entering" ? { at: "unfetched" } : journey;
    case "back":
      return isEnd(journey) ? start : journey;
  }
}

function askIn(gates: readonly string[], now: number): Journey {
  return gates.length > 0 ? { at: "gated", gates } : { at: "joining", since: now };
}

export function trying(journey: Journey): boolean {
  const { at } = journey;
  return at === "joining" || at === "unreachable" || (at === "early" && journey.isWaiting);
}

/** What has to be open in each place: the devices of prejoin, or the room with its channel. */
export function needs(journey: Journey): "devices" | "room" | "nothing" {
  if (["prejoin", "gated", "early"].includes(journey.at) || trying(journey)) return "devices";
  if (journey.at === "denied") return journey.isTried ? "room" : "nothing";
  return isTicketed(journey) ? "room" : "nothing";
}

type AtDoor = Extract<Journey, { at: "entering" | "queued" | "denied" | "waiting" }>;
type Here = AtDoor | Extract<Journey, { at: "meeting" }>;

function isAtDoor({ at, ...rest }: Journey): boolean {
  return (
    at === "entering" ||
    at === "queued" ||
    at === "waiting" ||
    (at === "denied" && "isTried" in rest && rest.isTried)
  );
}

function isTicketed(journey: Journey): journey is Here {
  return journey.at === "meeting" || isAtDoor(journey);
}

/** From where one goes back to prejoin. */
function isEnd({ at }: Journey): boolean {
  return ["gated", "closed", "early", "barred", "queued", "waiting", "denied", "left", "unfetched"].includes(
    at,
  );
}

function refuse(journey: Journey, refusal: Refusal, now: number): Journey {
  const { params } = refusal;
  switch (refusal.code) {
    case "meeting.not_started":
      return {
        at: "early",
        startsAt: moment(params["starts_at"]),
        againMs: Math.max(1, Number(params["retry_after_s"] ?? 30)) * 1000,
        isWaiting: journey.at === "early" && journey.isWaiting,
      };
    case "meeting.over":
      return barred({ why: "over", when: moment(params["ended_at"]), meeting: said(params["id"]) });
    case "meeting.cancelled":
      return barred({ why: "cancelled" });
    case "meeting.sign_in":
      return barred({ why: "sign_in" });
    case "meeting.not_invited":
      return barred({ why: "not_invited", account: said(params["account"]) });
    case "meeting.at_once":
      return barred({ why: "at_once", most: Number(params["most"]) });
    case "meeting.no_match":
      return { at: "prejoin", notice: { field: "passcode", code: "no_match" } };
    case "meeting.too_many_tries": {
      const wait = Number(params["retry_after_s"] ?? 60) * 1000;
      return { at: "prejoin", notice: { field: "passcode", code: "too_many_tries", retryAt: now + wait } };
    }
    case "name.invalid":
      return { at: "prejoin", notice: { field: "name", code: refusal.code } };
    default:
      return { at: "closed" };
  }
}

function barred(bar: { [field in keyof Bar]: Bar[field] | undefined }): Journey {
  const known = Object.entries(bar).filter(([, value]) => value !== undefined);
  return { at: "barred", ...(Object.fromEntries(known) as unknown as Bar) };
}

function said(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function moment(value: unknown): number | undefined {
  const at = Date.parse(said(value) ?? "");
  return Number.isNaN(at) ? undefined : at;
}

const denials: Readonly<Record<string, Denial>> = {
  "meeting.ended": "ended",
  "meeting.locked": "locked",
  "meeting.full": "full",
  "meeting.at_once": "at_once",
  "meeting.removed": "removed",
  "meeting.turned_away": "turned_away",
  "meeting.waiting_room_full": "waiting_full",
  "meeting.personal_only": "personal",
};

function stand(journey: Here, entry: Entry, now: number): Journey {
  const { join, since } = journey;
  switch (entry.at) {
    case "entering":
      return journey;
    case "queued":
      return { ...queue(journey, entry.place, now), join, since };
    case "waiting": {
      const { at, ...told } = entry;
      return { at, told, join, since: journey.at === "waiting" ? since : now };
    }
    case "in":
      return journey.at === "meeting" ? journey : { at: "meeting", join, since: now };
    case "denied":
      return {
        at: "denied",
        why: denials[entry.code] ?? "other",
        isTried: entry.againMs !== undefined,
        ...detailsOf(entry.params),
        join,
        since,
      };
  }
}

function detailsOf({ most, again, at }: Readonly<Record<string, unknown>>): Details {
  return {
    most: typeof most === "number" ? most : undefined,
    ...(typeof again === "boolean" && { again }),
    ...(typeof at === "string" && { when: at }),
  };
}

/** So long the line is watched before anything is said of how long it takes. */
const WATCHED_MS = 5000;

/** How long it takes follows from how far one has come; before one has come any way nothing is known. */
function queue(journey: Here, place: number, now: number) {
  const first = journey.at === "queued" ? Math.max(journey.first, place) : place;
  const [passed, took] = [first - place, now - journey.since];
  const leftMs = passed > 0 && took >= WATCHED_MS ? (place * took) / passed : undefined;
  return { at: "queued" as const, place, first, leftMs };
}

function leave(journey: Here, departure: Departure, now: number): Journey {
  const { join, since } = journey;
  const { again, when } = departure;
  const reason = departure.reason === "over" && journey.at !== "meeting" ? "ended" : departure.reason;
  // Whoever was never in has not left.
  if (journey.at !== "meeting" && (reason === "removed" || reason === "ended"))
    return { at: "denied", why: reason, isTried: false, ...detailsOf({ again, at: when }), join, since };
  return { at: "left", departure, title: join.meeting.title, since, until: now };
}
