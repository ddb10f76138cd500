import { expect, test } from "vitest";

import type { Entry } from "../../core/journey/room";
import { type LogFeature, MeetingLog } from "../../core/meeting/log";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

import { outboxOf } from "./outbox";
import { chatLog } from "./state";
import { forgetThePast, newsOf } from "./unread";

function scene() {
  const log = new MeetingLog([chatLog as unknown as LogFeature<never>]);
  const entry = new Store<Entry>({ at: "entering" });
  const session = { log, entry } as unknown as Session;
  const you = { participant: "me", name: "Me", role: "guest", may: [] };
  forgetThePast(session);
  return {
    welcome(...seqs: number[]): void {
      const messages = seqs.map((seq) => ({ id: `m${seq}`, seq, at: "", by: "ann", text: "before" }));
      log.restore({ seq: 50, you, snapshot: { chat: { messages } } });
    },
    letIn: () => entry.set({ at: "in" }),
    says: (seq: number, by = "ann") =>
      log.append({ seq, at: "", feature: "chat", type: "sent", by, payload: { id: `m${seq}`, text: "hi" } }),
    news: () => newsOf(log.of(chatLog).get().messages, outboxOf(session).get().seen, "me"),
  };
}

test("what was said before one came is not news; the first message afterwards is, and one's own is not", () => {
  const chat = scene();
  expect(chat.news()).toBe(0);
  chat.welcome(3, 4);
  expect(chat.news()).toBe(0);
  chat.letIn();
  chat.says(51);
  chat.says(52, "me");
  expect(chat.news()).toBe(1);
});

test("who stood at the door meanwhile has missed nothing: the past is what was said before one was in", () => {
  const chat = scene();
  chat.welcome(); // of the waiting room: it tells nothing
  chat.welcome(3, 4, 5);
  chat.letIn();
  expect(chat.news()).toBe(0);
});

test("what is said while one's line is broken is news, also when everything is told anew", () => {
  const chat = scene();
  chat.welcome(3);
  chat.letIn();
  chat.welcome(3, 60);
  expect(chat.news()).toBe(1);
});
