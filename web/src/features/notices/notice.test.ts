import { expect, test } from "vitest";

import type { LogEvent } from "../../core/meeting/wire";

import { isSilent, noticeOf, Quiet, withSound } from "./notice";

const here = { me: "me", hosts: false, people: 4 };
const happened = (feature: string, type: string, by: string | null, payload: object = {}): LogEvent =>
  ({ seq: 1, at: "", feature, type, by, payload }) as LogEvent;

test("what others do is told, what one does oneself is not", () => {
  expect(noticeOf(happened("chat", "sent", "bo", { text: "tea?" }), here)).toMatchObject({
    kind: "message",
    who: "bo",
    text: "tea?",
    isPrivate: false,
  });
  expect(noticeOf(happened("chat", "sent", "me", { text: "tea?" }), here)).toBeUndefined();
  expect(noticeOf(happened("meeting", "joined", null, { id: "bo" }), here)).toEqual({
    kind: "join",
    who: "bo",
  });
  expect(noticeOf(happened("meeting", "joined", null, { id: "me" }), here)).toBeUndefined();
});

test("a file is told by its name", () => {
  const sent = happened("chat", "sent", "bo", { text: "", file: { name: "plan.pdf" }, to: "me" });
  expect(noticeOf(sent, here)).toMatchObject({ text: "plan.pdf", isPrivate: true });
});

test("above ten people nobody hears who comes and goes, and still who writes", () => {
  const crowd = { ...here, people: 11 };
  expect(noticeOf(happened("meeting", "joined", null, { id: "bo" }), crowd)).toBeUndefined();
  expect(noticeOf(happened("meeting", "left", null, { id: "bo" }), crowd)).toBeUndefined();
  expect(noticeOf(happened("chat", "sent", "bo", { text: "x" }), crowd)?.kind).toBe("message");
});

test("who knocks and who raises a hand is news for hosts alone", () => {
  const [knock, hand] = [
    happened("meeting", "waiting", "wai", { name: "Wai" }),
    happened("reactions", "hand_raised", "bo"),
  ];
  expect([noticeOf(knock, here), noticeOf(hand, here)]).toEqual([undefined, undefined]);
  const host = { ...here, hosts: true };
  expect([noticeOf(knock, host)?.kind, noticeOf(hand, host)?.kind]).toEqual(["knock", "hand"]);
});

test("each sound is switched for itself", () => {
  const off = withSound(withSound("", "join", false), "leave", false);
  expect([isSilent(off, "join"), isSilent(off, "leave"), isSilent(off, "knock")]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isSilent(withSound(off, "join", true), "join")).toBe(false);
  expect(withSound(withSound("", "join", false), "join", false)).toBe("join");
});

test("a hundred at once are heard as one", () => {
  const quiet = new Quiet();
  expect([quiet.passes("message", 0), quiet.passes("message", 10), quiet.passes("hand", 10)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(quiet.passes("message", 2010)).toBe(true);
});
