import { expect, test } from "vitest";

import { type Facts, lineOf, nextLook } from "./line";

const joining: Facts = {
  online: true,
  unreachable: false,
  restarting: false,
  missing: false,
  channel: false,
  media: false,
  blocked: false,
  channelSince: 0,
  mediaSince: 0,
  everIn: false,
  startedAt: 0,
};
const inMeeting: Facts = { ...joining, channel: true, media: true, everIn: true };

test("joining says nothing for four seconds, then that it is slow", () => {
  expect(lineOf(joining, 3999)).toEqual({ kind: "connecting" });
  expect(nextLook(joining, 2500)).toBe(4000);
  expect(lineOf(joining, 4000)).toEqual({ kind: "slow" });
});

test("a server that is not there is blamed after six seconds", () => {
  expect(lineOf({ ...joining, unreachable: true }, 6000)).toEqual({ kind: "server-down" });
  const cut = { ...inMeeting, media: false, mediaSince: 10_000, unreachable: true };
  expect(lineOf(cut, 15_999)).toEqual({ kind: "reconnecting" });
  expect(lineOf(cut, 16_000)).toEqual({ kind: "server-down" });
});

test("a network that lets no media pass is named, before and after one was in", () => {
  expect(lineOf({ ...joining, channel: true, blocked: true }, 11_000)).toEqual({ kind: "blocked" });
  const moved = { ...inMeeting, media: false, mediaSince: 60_000, blocked: true };
  expect(lineOf(moved, 75_000)).toEqual({ kind: "blocked" });
  expect(lineOf({ ...moved, online: false }, 75_000)).toEqual({ kind: "offline" });
  expect(lineOf({ ...moved, unreachable: true }, 75_000)).toEqual({ kind: "server-down" });
});

test("a device without network is told so, not the server", () => {
  expect(lineOf({ ...inMeeting, media: false, online: false, unreachable: true }, 60_000).kind).toBe(
    "offline",
  );
});

test("an announced restart is not a fault", () => {
  expect(lineOf({ ...inMeeting, media: false, restarting: true }, 9000).kind).toBe("restarting");
});

test("back again: it says how long, for four seconds", () => {
  const facts = { ...inMeeting, outage: { from: 10_000, to: 17_600 } };
  expect(lineOf(facts, 18_000)).toEqual({ kind: "back", seconds: 8 });
  expect(nextLook(facts, 18_000)).toBe(21_600);
  expect(lineOf(facts, 21_600)).toEqual({ kind: "good" });
});

test("only the channel is away: talk goes on, said when media has had the time to be away too", () => {
  const facts = { ...inMeeting, channel: false, channelSince: 5000 };
  expect(lineOf(facts, 9000)).toEqual({ kind: "good" });
  expect(lineOf(facts, 10_000)).toEqual({ kind: "control-away" });
});
