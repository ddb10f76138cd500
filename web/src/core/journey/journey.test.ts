import { describe, expect, it } from "vitest";

import type { JoinResult } from "../api/types";

import { type Event, evolve, type Journey, needs, start } from "./journey";
import type { Entry } from "./room";

const join: JoinResult = {
  participant: "p-1",
  role: "guest",
  name: "Ada",
  meeting: { number: "123456789012", title: "Weekly review", locked: false },
  channel_token: "c",
  rejoin: "r",
};

function after(...events: Event[]): Journey {
  return events.reduce((journey, event, index) => evolve(journey, event, 1000 * (index + 1)), start);
}

const stood = (entry: Entry): Event => ({ type: "stood", entry });
const ticket: Event[] = [{ type: "join" }, { type: "joined", join }];
const full: Entry = { at: "denied", code: "meeting.full", params: { most: 500 }, againMs: 5000 };
const final = (code: string): Entry => ({ at: "denied", code, params: {}, againMs: undefined });

describe("gates before the first door", () => {
  const asked: Event = { type: "join", gates: ["consent", "keys"] };

  it("are passed one after the other, each once, and no ticket is taken before", () => {
    expect(after(asked)).toEqual({ at: "gated", gates: ["consent", "keys"] });
    expect(needs(after(asked))).toBe("devices");
    expect(after(asked, { type: "passed", gate: "keys" })).toEqual(after(asked));
    expect(after(asked, { type: "joined", join })).toEqual(after(asked));
    const first: Event = { type: "passed", gate: "consent" };
    expect(after(asked, first, first)).toEqual({ at: "gated", gates: ["keys"] });
    expect(after(asked, first, { type: "passed", gate: "keys" })).toEqual({ at: "joining", since: 3000 });
  });

  it("who turns back at one is in prejoin, and is asked everything again", () => {
    const back = after(asked, { type: "passed", gate: "consent" }, { type: "back" });
    expect(back).toEqual(start);
    expect(evolve(back, asked, 9000)).toEqual({ at: "gated", gates: ["consent", "keys"] });
  });
});

describe("at the meeting's own door", () => {
  it("a ticket is not yet a place inside", () => {
    expect(after(...ticket)).toMatchObject({ at: "entering" });
    expect(after(...ticket, stood({ at: "in" }))).toMatchObject({ at: "meeting", since: 3000 });
  });

  it("who waits in line is told the place, gets further, and gets in", () => {
    const third = stood({ at: "queued", place: 3 });
    const first = stood({ at: "queued", place: 1 });
    expect(after(...ticket, third)).toMatchObject({ at: "queued", place: 3 });
    expect(after(...ticket, third, first)).toMatchObject({ at: "queued", place: 1 });
    expect(after(...ticket, third, first, stood({ at: "in" })).at).toBe("meeting");
  });

  it("how long it takes is said once one has come some way, from how long that took", () => {
    const at = (place: number, now: number, before: Journey) =>
      evolve(before, stood({ at: "queued", place }), now);
    const leftMs = (journey: Journey) => journey.at === "queued" && journey.leftMs;
    const begun = at(120, 3000, after(...ticket)); // the ticket came at 2000
    expect(leftMs(begun)).toBeUndefined();
    const soon = at(110, 4000, begun);
    expect(leftMs(soon)).toBeUndefined(); // too short a look to say anything
    const later = at(90, 12_000, soon);
    expect(leftMs(later)).toBe(30_000); // 30 places in 10 s
    expect(leftMs(at(130, 13_000, later))).toBeUndefined(); // pushed back: the count begins anew
  });

  it("who gives up waiting is in prejoin again, and nothing brings them in", () => {
    const given = after(...ticket, stood({ at: "queued", place: 3 }), { type: "back" });
    expect(given).toEqual(start);
    expect(evolve(given, stood({ at: "in" }), 9000)).toBe(given);
  });

  it("a full meeting is asked again, and lets in when a place is free", () => {
    expect(after(...ticket, stood(full))).toMatchObject({
      at: "denied",
      why: "full",
      most: 500,
      isTried: true,
    });
    expect(after(...ticket, stood(full), stood({ at: "in" })).at).toBe("meeting");
  });

  it.each([
    ["meeting.locked", "locked"],
    ["meeting.ended", "ended"],
    ["meeting.removed", "removed"],
    ["meeting.closed_door", "other"],
  ])("%s is final", (code, why) => {
    const denied = after(...ticket, stood(final(code)));
    expect(denied).toMatchObject({ at: "denied", why, isTried: false });
    expect(evolve(denied, stood({ at: "in" }), 9000)).toBe(denied);
    expect(evolve(denied, { type: "back" }, 9000)).toEqual(start);
  });

  it("who was removed before and comes again has not left, and is told so", () => {
    const event: Event = { type: "departed", departure: { reason: "removed" } };
    expect(after(...ticket, event)).toMatchObject({ at: "denied", why: "removed" });
    expect(after(...ticket, stood({ at: "in" }), event)).toMatchObject({ at: "left" });
  });

  it("whoever leaves was there since they were let in, however often it is said that they are", () => {
    const inside = after(...ticket, stood({ at: "in" }), stood({ at: "in" }));
    const left = evolve(inside, { type: "departed", departure: { reason: "left" } }, 12_345);
    expect(left).toMatchObject({ at: "left", since: 3000, until: 12_345 });
  });

  it("code that could not be fetched leads back to prejoin", () => {
    const journey = after(...ticket, { type: "unfetched" });
    expect(journey).toEqual({ at: "unfetched" });
    expect(evolve(journey, { type: "back" }, 9000)).toEqual(start);
  });
});

it("what is open follows from where one is", () => {
  expect(needs(start)).toBe("devices");
  expect(needs(after({ type: "join" }, { type: "unreachable" }))).toBe("devices");
  expect(needs(after(...ticket))).toBe("room");
  expect(needs(after(...ticket, stood({ at: "queued", place: 2 })))).toBe("room");
  expect(needs(after(...ticket, stood(full)))).toBe("room");
  expect(needs(after(...ticket, stood(final("meeting.locked"))))).toBe("nothing");
  expect(needs(after(...ticket, stood({ at: "in" })))).toBe("room");
  expect(
    needs(after(...ticket, stood({ at: "in" }), { type: "departed", departure: { reason: "left" } })),
  ).toBe("nothing");
});

describe("in the waiting room", () => {
  const waiting: Entry = { at: "waiting", reason: "waiting", line: "", title: null, host: null };

  it("one waits with the room open behind, is let in, and is sent out again", () => {
    const there = after(...ticket, stood(waiting));
    expect(there).toMatchObject({ at: "waiting", told: { reason: "waiting" }, since: 3000 });
    expect(needs(there)).toBe("room");
    const inside = evolve(there, stood({ at: "in" }), 4000);
    expect(inside).toMatchObject({ at: "meeting", since: 4000 });
    expect(evolve(inside, stood({ ...waiting, reason: "sent" }), 5000)).toMatchObject({
      at: "waiting",
      since: 5000,
    });
  });

  it("since when one waits does not change with what is told", () => {
    const there = after(...ticket, stood(waiting), stood({ ...waiting, reason: "no_host" }));
    expect(there).toMatchObject({ told: { reason: "no_host" }, since: 3000 });
  });

  it.each([
    ["meeting.turned_away", "turned_away"],
    ["meeting.waiting_room_full", "waiting_full"],
    ["meeting.personal_only", "personal"],
  ])("%s", (code, why) => {
    expect(after(...ticket, stood(waiting), stood(final(code)))).toMatchObject({ at: "denied", why });
  });

  it("who was removed learns when, and whether they may ask to come back", () => {
    const params = { again: true, at: "2026-11-27T09:00:00Z" };
    const denied = stood({ at: "denied", code: "meeting.removed", params, againMs: undefined });
    expect(after(...ticket, denied)).toMatchObject({ why: "removed", again: true, when: params.at });
  });
});

describe("who has proved something is told more at the first door", () => {
  const refused = (code: string, params: Record<string, string | number> = {}): Event => ({
    type: "refused",
    refusal: { code, params },
  });
  const early = refused("meeting.not_started", { starts_at: "2026-11-30T06:00:00Z", retry_after_s: 20 });

  it("J3: too early waits for a press, then asks by itself, with the devices open", () => {
    const told = after({ type: "join" }, early);
    expect(told).toEqual({
      at: "early",
      startsAt: Date.parse("2026-11-30T06:00:00Z"),
      againMs: 20_000,
      isWaiting: false,
    });
    expect(needs(told)).toBe("devices");
    expect(after({ type: "join" }, early, { type: "joined", join })).toEqual(told);
    const waiting = after({ type: "join" }, early, { type: "wait" }, early, { type: "unreachable" });
    expect(waiting).toMatchObject({ at: "early", isWaiting: true });
    expect(evolve(waiting, { type: "joined", join }, 9)).toMatchObject({ at: "entering" });
    expect(evolve(waiting, { type: "back" }, 9)).toEqual(start);
  });

  it.each<[string, Event, object]>([
    [
      "J2: over, with its page",
      refused("meeting.over", { ended_at: "2026-11-30T07:00:00Z", id: "s_1" }),
      { why: "over", when: Date.parse("2026-11-30T07:00:00Z"), meeting: "s_1" },
    ],
    ["J2: over, and nothing more", refused("meeting.over", { ended_at: "", id: "" }), { why: "over" }],
    ["J2: cancelled", refused("meeting.cancelled"), { why: "cancelled" }],
    [
      "one meeting too many at once",
      refused("meeting.at_once", { most: 3, retry_after_s: 30 }),
      { why: "at_once", most: 3 },
    ],
    ["J7: sign-in only", refused("meeting.sign_in"), { why: "sign_in" }],
    [
      "J8: not invited",
      refused("meeting.not_invited", { account: "Bo" }),
      { why: "not_invited", account: "Bo" },
    ],
  ])("%s", (_, event, bar) => {
    const told = after({ type: "join" }, event);
    expect(told).toEqual({ at: "barred", ...bar });
    expect(needs(told)).toBe("nothing");
    expect(evolve(told, { type: "back" }, 9)).toEqual(start);
  });
});
