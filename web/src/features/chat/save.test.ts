import { expect, test } from "vitest";

import { stamp, written } from "./save";
import { chatLog } from "./state";

const said = { private: (name: string) => `only ${name}`, me: "Me" };
const names = { of: (id: string) => ({ bo: "Bo" })[id] ?? "", me: "me" };

test("each message has its day, its writer and its words; a private one says for whom, further lines are set in", () => {
  const at = "2026-11-24T09:00:00Z";
  const { messages } = chatLog.restore(
    {
      messages: [
        { id: "m1", seq: 1, at, by: "bo", name: "Bo", text: "one\ntwo" },
        { id: "m2", seq: 2, at, by: "me", name: "Ada", text: "psst", to: "bo" },
        { id: "m3", seq: 3, at, by: "bo", name: "Bo", text: "what?", to: "me" },
      ],
    },
    {},
  );
  expect(written(messages, names, said)).toBe(
    [
      `${stamp(at)}  Bo: one`,
      "    two",
      `${stamp(at)}  Me (only Bo): psst`,
      `${stamp(at)}  Bo (only Bo): what?`,
      "",
    ].join("\n"),
  );
});

test("a stamp is this device's day and time, in an order that sorts", () => {
  expect(stamp(new Date(2026, 0, 2, 3, 4).getTime())).toBe("2026-01-02 03:04");
  expect(stamp("never")).toBe("");
});
