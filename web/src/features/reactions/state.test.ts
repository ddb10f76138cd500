import { expect, test } from "vitest";

import type { LogEvent } from "../../core/meeting/wire";

import { type Reactions, reactionsLog } from "./state";

function after(state: Reactions, ...events: Partial<LogEvent>[]): readonly string[] {
  const blank: LogEvent = { seq: 1, at: "", feature: "reactions", type: "", by: null, payload: {} };
  return events.reduce((now, event) => reactionsLog.evolve(now, Object.assign({}, blank, event)), state)
    .hands;
}

const none = reactionsLog.initial;
const both = reactionsLog.restore({ hands: ["ann", "bo"] }, {});

test("hands go up in order and once", () => {
  const raised = (by: string): Partial<LogEvent> => ({ type: "hand_raised", by });
  expect(after(none, raised("ann"), raised("bo"), raised("ann"))).toEqual(["ann", "bo"]);
});

test("a host lowers somebody's hand, or its owner does", () => {
  expect(after(both, { type: "hand_lowered", by: "host", payload: { participant: "ann" } })).toEqual(["bo"]);
});

test("the hand goes down when its owner leaves", () => {
  expect(after(both, { feature: "meeting", type: "left", payload: { id: "ann", reason: "lost" } })).toEqual([
    "bo",
  ]);
});

test("a reaction, a message, a newer event change nothing", () => {
  const state = reactionsLog.evolve(both, {
    seq: 1,
    at: "",
    feature: "reactions",
    type: "reacted",
    by: "ann",
    payload: { emoji: "👍" },
  });
  expect(state).toBe(both);
  expect(after(both, { feature: "chat", type: "sent" }, { type: "waved" })).toEqual(["ann", "bo"]);
});
