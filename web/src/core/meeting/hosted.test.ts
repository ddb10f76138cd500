import { describe, expect, test } from "vitest";

import { MeetingLog } from "./log";
import { meetingFeature } from "./people";
import type { Payload } from "./wire";

function hosted(own: Payload = {}) {
  const log = new MeetingLog([meetingFeature as never]);
  log.restore({
    seq: 1,
    you: { participant: "ann", name: "Ann", role: "owner", may: ["host", "own"] },
    snapshot: { meeting: { people: [{ id: "ann", name: "Ann", role: "owner" }], ...own } },
  });
  let seq = 1;
  return {
    meeting: () => log.of(meetingFeature).get(),
    happens(type: string, payload: Payload = {}) {
      seq += 1;
      log.append({ seq, at: "2026-11-27T09:00:00Z", feature: "meeting", type, by: "ann", payload });
    },
  };
}

const bo = { id: "bo", name: "Bo", at: "2026-11-27T09:00:00Z", marks: ["same_name", "nonsense"] };

describe("who waits", () => {
  test("is in the line, in the order they came, with the marks that we have words for", () => {
    const { meeting, happens } = hosted({ waiting: [bo] });
    happens("waiting", { id: "cy", name: "Cy", at: "", marks: [] });
    expect(meeting().waiting.map(({ id }) => id)).toEqual(["bo", "cy"]);
    expect(meeting().waiting[0]?.marks).toEqual(["same_name"]);
  });

  test("is seen with their new picture", () => {
    const { meeting, happens } = hosted({ waiting: [bo] });
    happens("picture", { participant: "bo", picture: "f_new" });
    expect(meeting().waiting[0]?.picture).toBe("f_new");
  });

  test("keeps their place when they come again", () => {
    const { meeting, happens } = hosted({ waiting: [bo] });
    happens("waiting", { id: "cy", name: "Cy" });
    happens("waiting", { ...bo, name: "Bob" });
    expect(meeting().waiting.map(({ name }) => name)).toEqual(["Bob", "Cy"]);
  });

  test("is no longer there when let in, or gone", () => {
    const { meeting, happens } = hosted({ waiting: [bo, { ...bo, id: "cy" }] });
    happens("joined", { id: "bo", name: "Bo", role: "guest" });
    happens("waiting_left", { id: "cy" });
    expect(meeting().waiting).toEqual([]);
    expect(meeting().people.map(({ id }) => id)).toEqual(["ann", "bo"]);
  });

  test("needs two where two are needed, and it is seen who has said yes", () => {
    const { meeting, happens } = hosted({ waiting: [bo] });
    happens("admitted_by", { id: "bo", by: "ann" });
    expect(meeting().waiting[0]?.yes).toEqual(["ann"]);
  });

  test("is shown to nobody in the snapshot of who waits, which is no list", () => {
    const { meeting } = hosted({ waiting: { reason: "waiting", line: "", title: null, host: null } });
    expect(meeting().waiting).toEqual([]);
  });
});

describe("what is allowed", () => {
  test("is as the policy says, and a switch that an old server doesn't know is on", () => {
    const { meeting, happens } = hosted();
    happens("policy", { preset: "class", waitingRoom: "guests", may: { share: false }, chat: "hosts" });
    expect(meeting().policy).toMatchObject({ preset: "class", waitingRoom: "guests", chat: "hosts" });
    expect(meeting().policy.may).toMatchObject({ share: false, unmute: true });
  });

  test("takes nothing from a server that says nonsense", () => {
    const { meeting, happens } = hosted();
    happens("policy", { preset: 7, waitingRoom: "perhaps", chat: null, may: "all" });
    expect(meeting().policy).toMatchObject({ preset: "custom", waitingRoom: "off", chat: "all" });
  });

  test("for one person stands beside it", () => {
    const { meeting, happens } = hosted({ overrides: { bo: { share: true } } });
    happens("overrides", { participant: "cy", may: { unmute: false, share: null } });
    expect(meeting().overrides).toEqual({ bo: { share: true }, cy: { unmute: false } });
  });
});

test("everything stopped goes on switch by switch, until the server says that it is over", () => {
  const { meeting, happens } = hosted();
  happens("stopped", { by: "ann", name: "Ann", kept: { preset: "careful" } });
  happens("recent", {
    people: [{ participant: "bo", name: "Bo", did: [{ what: "chat.sent", at: "x" }] }],
  });
  happens("resumed", { what: "chat", over: false });
  expect(meeting().stopped).toMatchObject({ name: "Ann", kept: { preset: "careful" } });
  expect(meeting().recent[0]?.did[0]?.what).toBe("chat.sent");
  happens("resumed", { what: "all", over: true });
  expect(meeting()).toMatchObject({ stopped: null, recent: [] });
});

test("the spotlight and the successor go with who leaves", () => {
  const { meeting, happens } = hosted();
  happens("joined", { id: "bo", name: "Bo", role: "member" });
  happens("spotlight", { participants: ["bo", "ann"] });
  happens("successor", { participant: "bo" });
  happens("left", { id: "bo", reason: "left" });
  expect(meeting()).toMatchObject({ spotlight: ["ann"], successor: null });
});

test("a role that we don't know is a guest's: nobody gains by it", () => {
  const { meeting, happens } = hosted();
  happens("joined", { id: "bo", name: "Bo", role: "emperor" });
  expect(meeting().people[1]?.role).toBe("guest");
});
