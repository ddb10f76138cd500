import { expect, test } from "vitest";

import type { LogEvent } from "../../core/meeting/wire";

import { blocks, type Chat, chatLog, counted, found } from "./state";

function event(seq: number, type: string, change: Partial<LogEvent> = {}): LogEvent {
  return { seq, at: `2026-11-24T09:0${seq}:00Z`, feature: "chat", type, by: "ann", payload: {}, ...change };
}

const begun: Chat = chatLog.restore(
  { messages: [{ id: "m1", seq: 1, at: "2026-11-24T09:00:00Z", by: "ann", name: "Ann", text: "hi" }] },
  { meeting: { people: [{ id: "ann", name: "Ann" }] } },
);

test("a message keeps its writer's name after the writer has left", () => {
  const joined = event(2, "joined", { feature: "meeting", by: "bo", payload: { id: "bo", name: "Bo" } });
  const sent = event(3, "sent", { by: "bo", payload: { id: "m2", text: "hello", to: "ann" } });
  const left = event(4, "left", { feature: "meeting", by: "bo", payload: { id: "bo", reason: "left" } });
  const state = [joined, sent, left].reduce(chatLog.evolve, begun);
  expect(state.messages.at(-1)).toMatchObject({ name: "Bo", text: "hello", to: "ann", at: sent.at });
});

test("the same message twice is there once", () => {
  const again = event(5, "sent", { payload: { id: "m1", text: "hi" } });
  expect(chatLog.evolve(begun, again)).toBe(begun);
});

test("a deleted message is gone; deleting an unknown one is nothing", () => {
  expect(chatLog.evolve(begun, event(2, "deleted", { payload: { id: "m1" } })).messages).toEqual([]);
  expect(chatLog.evolve(begun, event(2, "deleted", { payload: { id: "m9" } })).messages).toHaveLength(1);
});

test("lines of one person stand together until another speaks, five minutes pass, or they turn private", () => {
  const line = (seq: number, by: string, to: string | null = null): Chat["messages"][number] => ({
    id: `m${seq}`,
    seq,
    at: `2026-11-24T09:0${seq}:00Z`,
    by,
    name: by,
    text: "x",
    to,
    replyTo: null,
    isEdited: false,
    reactions: {},
  });
  const stand = blocks([line(1, "ann"), line(2, "ann"), line(3, "bo"), line(4, "ann"), line(5, "ann", "bo")]);
  expect(stand.map(({ by, lines }) => `${by} ${lines.length}`)).toEqual(["ann 2", "bo 1", "ann 1", "ann 1"]);
  expect(blocks([line(1, "ann"), line(7, "ann")])).toHaveLength(2);
});

test("what its writer wrote anew stands in its old place, with the reactions it had", () => {
  const sent = event(2, "sent", { payload: { id: "m2", text: "second" } });
  const liked = event(3, "reacted", { by: "bo", payload: { id: "m1", emoji: "👍" } });
  const anew = event(4, "edited", {
    payload: { id: "m1", text: "hello", seq: 1, at: "2026-11-24T09:00:00Z" },
  });
  const { messages } = [sent, liked, anew].reduce(chatLog.evolve, begun);
  expect(messages.map(({ text }) => text)).toEqual(["hello", "second"]);
  expect(messages[0]).toMatchObject({ name: "Ann", isEdited: true, reactions: { bo: "👍" } });
});

test("whoever missed the first writing gets it with its change, in its place", () => {
  const sent = event(3, "sent", { payload: { id: "m3", text: "third" } });
  const payload = { id: "m2", text: "second", seq: 2, at: "2026-11-24T09:02:00Z", name: "Ann" };
  const { messages } = [sent, event(4, "edited", { payload })].reduce(chatLog.evolve, begun);
  expect(messages.map(({ id, name }) => [id, name])).toEqual([
    ["m1", "Ann"],
    ["m2", "Ann"],
    ["m3", "Ann"],
  ]);
});

test("another sign of the same person replaces the first, and none takes it back", () => {
  const react = (seq: number, by: string, emoji: string | null) =>
    event(seq, "reacted", { by, payload: { id: "m1", emoji } });
  const state = [
    react(2, "bo", "👍"),
    react(3, "cy", "👍"),
    react(4, "bo", "🎉"),
    react(5, "di", "👍"),
  ].reduce(chatLog.evolve, begun);
  expect(counted(state.messages[0]?.reactions ?? {}, "bo")).toEqual([
    { emoji: "👍", by: ["cy", "di"], isMine: false },
    { emoji: "🎉", by: ["bo"], isMine: true },
  ]);
  expect(chatLog.evolve(state, react(6, "cy", null)).messages[0]?.reactions).not.toHaveProperty("cy");
  expect(chatLog.evolve(begun, react(6, "cy", "👍")).messages).toHaveLength(1);
});

test("one finds by all words, in the text or the writer's name, however they are written", () => {
  const { messages } = chatLog.evolve(
    begun,
    event(2, "sent", { payload: { id: "m2", text: "Ｔｅａ at Café" } }),
  );
  const ids = (wanted: string) => found(messages, wanted).map(({ id }) => id);
  expect([ids(""), ids("ANN"), ids("tea cafe"), ids("tea hi"), ids("hi")]).toEqual([
    ["m1", "m2"],
    ["m1", "m2"],
    ["m2"],
    [],
    ["m1"],
  ]);
});
