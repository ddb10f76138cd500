import { describe, expect, it } from "vitest";

import { sentenceOf } from "./changes";

const you = (role: string, ...may: string[]) => ({ participant: "me", name: "Me", role, may });

describe("what changed in what I may do is one sentence", () => {
  it.each([
    [you("guest", "chat", "unmute"), you("guest", "chat"), "host.you.lost.unmute"],
    [you("guest", "chat"), you("guest", "chat", "share"), "host.you.won.share"],
    [you("guest", "chat", "unmute", "video"), you("guest", "chat"), "host.you.changed"],
    [you("guest", "chat", "chat_hosts"), you("guest", "chat_hosts"), "host.you.chat.hosts"],
    [you("guest", "react", "chat_hosts"), you("guest", "react"), "host.you.chat.off"],
    [you("guest", "react"), you("guest", "react", "chat_hosts"), "host.you.chat.hosts"],
    [you("guest", "chat_hosts"), you("guest", "chat", "chat_hosts"), "host.you.chat.all"],
    [you("guest", "chat", "share"), you("guest"), "host.you.changed"],
    [you("guest", "chat"), you("cohost", "chat", "host"), "host.you.cohost"],
    [you("guest", "chat"), you("owner", "chat", "host", "own"), "host.you.owner"],
    [you("cohost", "chat", "host"), you("guest", "chat"), "host.you.unmade"],
  ])("%j → %j", (before, after, sentence) => {
    expect(sentenceOf(before, after, false)).toBe(sentence);
  });

  it("is not told of what was not known before, nor twice of what is stopped, nor to who is sent out", () => {
    expect(sentenceOf(you("guest"), you("guest", "chat"), false)).toBeUndefined();
    expect(sentenceOf(you("guest", "chat", "unmute"), you("guest", "chat"), true)).toBeUndefined();
    expect(sentenceOf(you("guest", "chat"), you("waiting"), false)).toBeUndefined();
  });
});
