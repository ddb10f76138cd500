import { expect, test } from "vitest";

import type { LogEvent } from "../../core/meeting/wire";

import { blocks, type Chat, chatLog } from "./state";

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
  });
  const found = blocks([line(1, "ann"), line(2, "ann"), line(3, "bo"), line(4, "ann"), line(5, "ann", "bo")]);
  expect(found.map(({ by, lines }) => `${by} ${lines.length}`)).toEqual(["ann 2", "bo 1", "ann 1", "ann 1"]);
  expect(blocks([line(1, "ann"), line(7, "ann")])).toHaveLength(2);
});
