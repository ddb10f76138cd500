/**
 * The way of one person through one meeting: prejoin → joining → meeting → left, and the doors in between.
 *
 * Pure: `evolve(journey, event, now)` is all there is to decide. Asking the server is the shell's (travel.ts).
 * Law: nobody is in a meeting without having pressed Join in prejoin; whatever happens afterwards, the way
 * back in leads through prejoin again.
 */
import type { JoinResult, Refusal } from "../api/types";

import type { Departure } from "./room";

/** What stands at a field of prejoin after a refusal. */
export type FieldNotice =
  | { field: "name"; code: string }
  | { field: "passcode"; code: "no_match" }
  | { field: "passcode"; code: "too_many_tries"; retryAt: number };

export type Journey =
  | { at: "prejoin"; notice: FieldNotice | null }
  | { at: "joining"; since: number }
  /** J1: unknown, wrong, ended or locked look the same from outside. */
  | { at: "closed" }
  /** N9: we go on trying to join. */
  | { at: "unreachable"; lastTry: number }
  | { at: "meeting"; join: JoinResult; since: number }
  | { at: "left"; departure: Departure; title: string; since: number; until: number };

export type Event =
  | { type: "join" }
  | { type: "joined"; join: JoinResult }
  | { type: "refused"; refusal: Refusal }
  | { type: "unreachable" }
  | { type: "departed"; departure: Departure }
  /** Try again at the closed door, Rejoin on the left page. */
  | { type: "back" };

export const start: Journey = { at: "prejoin", notice: null };

/** An event that does not fit where we are is late, not wrong: it changes nothing. */
export function evolve(journey: Journey, event: Event, now: number): Journey {
  switch (event.type) {
    case "join":
      return journey.at === "prejoin" ? { at: "joining", since: now } : journey;
    case "joined":
      return trying(journey) ? { at: "meeting", join: event.join, since: now } : journey;
    case "refused":
      return trying(journey) ? refuse(event.refusal, now) : journey;
    case "unreachable":
      return trying(journey) ? { at: "unreachable", lastTry: now } : journey;
    case "departed":
      return journey.at === "meeting" ? leave(journey, event.departure, now) : journey;
    case "back":
      return journey.at === "closed" || journey.at === "left" ? start : journey;
  }
}

export function trying(journey: Journey): boolean {
  return journey.at === "joining" || journey.at === "unreachable";
}

function refuse(refusal: Refusal, now: number): Journey {
  switch (refusal.code) {
    case "meeting.no_match":
      return { at: "prejoin", notice: { field: "passcode", code: "no_match" } };
    case "meeting.too_many_tries": {
      const wait = Number(refusal.params["retry_after_s"] ?? 60) * 1000;
      return { at: "prejoin", notice: { field: "passcode", code: "too_many_tries", retryAt: now + wait } };
    }
    case "name.invalid":
      return { at: "prejoin", notice: { field: "name", code: refusal.code } };
    default:
      return { at: "closed" };
  }
}

function leave(
  { join, since }: Extract<Journey, { at: "meeting" }>,
  departure: Departure,
  now: number,
): Journey {
  return { at: "left", departure, title: join.meeting.title, since, until: now };
}
