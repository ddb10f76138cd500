import { expect, test } from "vitest";

import { MeetingLog } from "./log";
import { meetingFeature } from "./people";
import type { LogEvent } from "./wire";

const ann = { id: "ann", name: "Ann", role: "host", joinedAt: "2026-11-24T09:00:00Z" };

function log(): MeetingLog {
  const made = new MeetingLog([meetingFeature as never]);
  const meeting = { title: "Weekly", number: "123", locked: false, startedAt: ann.joinedAt, people: [ann] };
  made.restore({
    seq: 1,
    you: { participant: "ann", name: "Ann", role: "host", may: [] },
    snapshot: { meeting: { ...meeting, ended: false } },
  });
  return made;
}

function happens(made: MeetingLog, type: string, payload: LogEvent["payload"], feature = "meeting"): void {
  made.append({ seq: 2, at: "2026-11-24T09:01:00Z", feature, type, by: "ann", payload });
}

test("people come and go in order", () => {
  const made = log();
  const state = made.of(meetingFeature);
  happens(made, "joined", { id: "bo", name: "Bo", role: "guest" });
  expect(state.get().people.map(({ id }) => id)).toEqual(["ann", "bo"]);
  expect(state.get().people[1]?.joinedAt).toBe("2026-11-24T09:01:00Z");
  happens(made, "left", { id: "ann", reason: "lost" });
  expect(state.get().people.map(({ id }) => id)).toEqual(["bo"]);
});

test("who is away keeps the place, is back in it, and is away no longer once left", () => {
  const made = log();
  const state = made.of(meetingFeature);
  happens(made, "away", { participant: "ann" });
  happens(made, "away", { participant: "ann" });
  expect(state.get()).toMatchObject({ away: ["ann"], people: [{ id: "ann" }] });
  happens(made, "back", { participant: "ann" });
  expect(state.get().away).toEqual([]);
  happens(made, "away", { participant: "ann" });
  happens(made, "left", { id: "ann", reason: "lost" });
  expect(state.get()).toMatchObject({ away: [], people: [] });
});

test("the same person joining again is there once", () => {
  const made = log();
  happens(made, "joined", { id: "ann", name: "Ann", role: "host" });
  expect(made.of(meetingFeature).get().people).toHaveLength(1);
});

test("lock, rename, change of role, end", () => {
  const made = log();
  happens(made, "locked", { locked: true });
  happens(made, "renamed", { participant: "ann", name: "Anna" });
  happens(made, "role_changed", { participant: "ann", role: "guest" });
  happens(made, "ended", {});
  const state = made.of(meetingFeature).get();
  expect(state).toMatchObject({ locked: true, ended: true });
  expect(state.people[0]).toMatchObject({ name: "Anna", role: "guest" });
});

test("what it does not know changes nothing, not even the reference", () => {
  const made = log();
  const before = made.of(meetingFeature).get();
  happens(made, "sent", { text: "hi" }, "chat");
  happens(made, "painted", {});
  expect(made.of(meetingFeature).get()).toBe(before);
});
