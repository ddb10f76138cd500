import { expect, test } from "vitest";

import type { LogEvent, Payload } from "../../core/meeting/wire";

import { answers, blank } from "./draft";
import { choicesOf, hasVoted, type Poll, pollsLog, resultsOf } from "./state";

const tea = { question: "Tea?", options: ["Yes", "No"], several: false, anonymous: false, results: "all" };

function after(...events: [type: string, by: string | null, payload: Payload][]): readonly Poll[] {
  const entries = events.map(([type, by, payload], at): LogEvent => {
    return { seq: at + 1, at: "2026-01-01T09:00:00Z", feature: "polls", type, by, payload };
  });
  return entries.reduce(pollsLog.evolve, pollsLog.initial).polls;
}

const asked = (poll: Payload = {}): [string, string, Payload] => [
  "asked",
  "host",
  { id: "q1", ...tea, ...poll },
];

function first(polls: readonly Poll[]): Poll {
  const [poll] = polls;
  if (!poll) throw new Error("there is no poll");
  return poll;
}

test("the newest question is on top", () => {
  expect(after(asked(), asked({ id: "q2" })).map(({ id }) => id)).toEqual(["q2", "q1"]);
});

test("a host counts the named votes that they see, and nobody else does before the end", () => {
  const poll = first(
    after(
      asked(),
      ["voted", "ann", { poll: "q1", choices: [0], name: "Ann" }],
      ["turnout", null, { poll: "q1", turnout: 1 }],
      ["voted", "bo", { poll: "q1", choices: [1], name: "Bo" }],
      ["voted", "bo", { poll: "q1", choices: [0], name: "Bo" }],
      ["turnout", null, { poll: "q1", turnout: 2 }],
    ),
  );
  expect(resultsOf(poll, true)).toEqual([2, 0]);
  expect(resultsOf(poll, false)).toBeNull();
  expect(choicesOf(poll, "bo")).toEqual([0]);
});

test("a host who came to it later shows no half of the votes as the whole", () => {
  const poll = first(
    after(
      asked(),
      ["turnout", null, { poll: "q1", turnout: 7 }],
      ["voted", "bo", { poll: "q1", choices: [1], name: "Bo" }],
      ["turnout", null, { poll: "q1", turnout: 8 }],
    ),
  );
  expect(resultsOf(poll, true)).toBeNull();
});

test("an anonymous vote is known to have been given, and not what it was", () => {
  const poll = first(after(asked({ anonymous: true }), ["took_part", "ann", { poll: "q1" }]));
  expect(hasVoted(poll, "ann")).toBe(true);
  expect(choicesOf(poll, "ann")).toEqual([]);
  expect(resultsOf(poll, true)).toBeNull();
});

test("results are shown to whom they are told", () => {
  const end: [string, null, Payload] = ["closed", null, { poll: "q1", turnout: 3 }];
  const told: [string, null, Payload] = ["results", null, { poll: "q1", counts: [1, 2] }];
  expect(resultsOf(first(after(asked(), end)), false)).toBeNull();
  expect(resultsOf(first(after(asked(), end, told)), false)).toEqual([1, 2]);
});

test("who loads the page anew sees what they saw", () => {
  const shown = { id: "q1", ...tea, closed: false, turnout: 2, voted: true, mine: [1], closesAt: null };
  const poll = first(pollsLog.restore({ polls: [shown] }, {}).polls);
  expect([hasVoted(poll, "me"), choicesOf(poll, "me"), poll.closesAt]).toEqual([true, [1], ""]);
});

test("a discarded poll is gone, and what comes of one that is unknown changes nothing", () => {
  expect(after(asked(), ["discarded", "host", { poll: "q1" }])).toEqual([]);
  expect(after(["turnout", null, { poll: "q9", turnout: 1 }])).toEqual([]);
});

test("two different answers are needed, and blank ones are none", () => {
  expect(answers({ ...blank, question: "Tea?", options: ["Yes", " "] }).isWhole).toBe(false);
  expect(answers({ ...blank, question: "Tea?", options: ["Yes", "Yes "] }).isWhole).toBe(false);
  expect(answers({ ...blank, question: "Tea?", options: [" Yes", "", "No"] })).toEqual({
    filled: ["Yes", "No"],
    isWhole: true,
  });
});
