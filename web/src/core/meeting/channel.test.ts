import { expect, test } from "vitest";

import { closeCodes } from "../api/channel";

import { Channel, type ChannelListener, type Outcome } from "./channel";
import { event, welcome, World } from "./world.testing";

function scene(): { world: World; channel: Channel; seen: string[]; outcomes: Outcome[] } {
  const world = new World();
  const seen: string[] = [];
  const listener: ChannelListener = {
    welcome: ({ seq }) => seen.push(`welcome ${seq}`),
    you: ({ may }) => seen.push(`may ${may.join()}`),
    media: ({ token }) => seen.push(`media ${token}`),
    clock: (now) => seen.push(...(now ? [`clock ${now}`] : [])),
    queued: (place) => seen.push(`queued ${place}`),
    denied: (code, params, againMs) => seen.push(`denied ${code} ${JSON.stringify(params)} ${againMs}`),
    event: ({ seq, type }) => seen.push(`${type} ${seq}`),
    up: (isUp) => seen.push(isUp ? "up" : "down"),
    ended: (why) => seen.push(why),
    stale: () => seen.push("stale"),
  };
  const channel = new Channel("wss://meet.example/c", "first", world, listener);
  channel.open();
  return { world, channel, seen, outcomes: [] };
}

function greeted(): ReturnType<typeof scene> {
  const all = scene();
  all.world.socket.open();
  all.world.socket.say(welcome(10));
  return all;
}

test("first time: hello without a number, welcome, events in order", () => {
  const { world, seen } = greeted();
  expect(world.socket.sent).toEqual([{ hello: {} }]);
  world.socket.say(event(11, "chat", "sent"));
  world.socket.say(event(12, "chat", "deleted"));
  expect(seen).toEqual(["welcome 10", "up", "sent 11", "deleted 12"]);
});

test("after a cut it resumes from the last number seen, and a doubled event is dropped", () => {
  const { world, seen } = greeted();
  world.socket.say(event(11, "chat", "sent"));
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  expect(world.socket.sent).toEqual([{ hello: { resume: 11 } }]);
  world.socket.say({ resumed: { seq: 12 } });
  world.socket.say(event(11, "chat", "sent"));
  world.socket.say(event(12, "chat", "sent"));
  expect(seen).toEqual(["welcome 10", "up", "sent 11", "down", "up", "sent 12"]);
});

test("what one did is handed on with its answer, and at the latest after a moment", async () => {
  const { world, channel, seen } = greeted();
  const outcome = channel.do("chat", "send", { text: "hello" }, { id: "mine" });
  world.socket.say(event(11, "chat", "sent"));
  expect(seen.slice(2)).toEqual([]);
  world.socket.say({ done: { id: "mine", seq: 11 } });
  expect(seen.slice(2)).toEqual(["sent 11"]);
  await expect(outcome).resolves.toEqual({ kind: "done", seq: 11 });
  void channel.do("chat", "send", { text: "and again" });
  world.socket.say(event(12, "reactions", "hand_raised"));
  expect(seen.slice(3), "what is of another kind waits for nothing").toEqual(["hand_raised 12"]);
  world.socket.say(event(13, "chat", "sent"));
  world.pass(50);
  expect(seen.slice(4)).toEqual(["sent 13"]);
  channel.close();
});

/** So many events, one frame each, in so many milliseconds. */
function floods(world: World, from: number, count: number, everyMs: number): void {
  world.pass(50);
  for (let seq = from; seq < from + count; seq += 1) {
    world.socket.say(event(seq, "chat", "sent"));
    world.pass(everyMs);
  }
}

test("in a flood what comes in a moment is handed on together, in order, and nothing is lost", () => {
  const { world, channel, seen } = greeted();
  const turns = new Map<number, number>();
  const note = seen.push.bind(seen);
  seen.push = (...said) => {
    turns.set(world.time, (turns.get(world.time) ?? 0) + said.length);
    return note(...said);
  };
  floods(world, 11, 1000, 1);
  world.pass(50);
  expect(seen.slice(2)).toEqual(Array.from({ length: 1000 }, (_, at) => `sent ${11 + at}`));
  expect(turns.size, "so often the page is drawn in a second").toBeLessThanOrEqual(26);
  world.pass(1000);
  world.socket.say(event(1011, "chat", "deleted"));
  expect(seen.at(-1), "what comes by itself comes at once").toBe("deleted 1011");
  channel.close();
});

test.each([
  ["each message", { ofEach: 1, ofAll: 0 }],
  ["each drawing, however many messages it is of", { ofEach: 0, ofAll: 20 }],
])("what takes long to draw is drawn less often: %s", (_, { ofEach, ofAll }) => {
  const { world, seen } = greeted();
  const note = seen.push.bind(seen);
  let [turns, until] = [0, 0];
  seen.push = (...said) => {
    if (world.time !== until) {
      turns += 1;
      world.time += ofAll;
    }
    until = world.time += ofEach;
    return note(...said);
  };
  floods(world, 11, 4000, 1);
  world.pass(2000);
  expect(seen.at(-1)).toBe("sent 4010");
  expect(turns, "of 80 in four seconds").toBeLessThan(60);
});

test("what came before an end, or before a cut, is handed on before it", () => {
  const { world, seen } = greeted();
  floods(world, 11, 20, 0);
  expect(seen.at(-1)).toBe("sent 15");
  world.socket.break();
  expect(seen.slice(-2)).toEqual(["sent 30", "down"]);
  world.pass(1000);
  world.socket.open();
  expect(world.socket.sent).toEqual([{ hello: { resume: 30 } }]);
  world.socket.say({ resumed: { seq: 30 } });
  floods(world, 31, 20, 0);
  world.socket.break(closeCodes.ended);
  expect(seen.slice(-3)).toEqual(["sent 50", "down", "ended"]);
});

test("what is held when the network changes is asked for again", () => {
  const { world, channel, seen } = greeted();
  floods(world, 11, 20, 0);
  channel.renew();
  world.pass(50);
  world.socket.open();
  expect(world.socket.sent).toEqual([{ hello: { resume: 15 } }]);
  expect(seen.at(-1)).toBe("down");
});

test("an answer behind a flood waits no longer than the flood, and a tab in the background holds no more than it can", async () => {
  const { world, channel, seen } = greeted();
  const outcome = channel.do("chat", "send", {}, { id: "mine" });
  floods(world, 11, 20, 0);
  world.socket.say({ done: { id: "mine", seq: 31 } });
  world.pass(50);
  await expect(outcome).resolves.toEqual({ kind: "done", seq: 31 });
  floods(world, 31, 1010, 0);
  expect(seen.at(-1)).toBe("sent 1035");
});

test("a restarted server that no longer has the log sends a fresh snapshot with a smaller number", () => {
  const { world, seen } = greeted();
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  world.socket.say(welcome(3));
  world.socket.say(event(4, "chat", "sent"));
  expect(seen.slice(-3)).toEqual(["welcome 3", "up", "sent 4"]);
});

test("a command is repeated with its id until it is answered, and answered once", async () => {
  const { world, channel } = greeted();
  const outcome = channel.do("chat", "send", { text: "hi" });
  const [, first] = world.socket.sent;
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  expect(world.socket.sent).toHaveLength(1);
  world.socket.say({ resumed: { seq: 10 } });
  expect(world.socket.sent[1]).toEqual(first);
  const { id } = (first as unknown as { do: { id: string } }).do;
  world.socket.say({ done: { id, seq: 11 } });
  await expect(outcome).resolves.toEqual({ kind: "done", seq: 11 });
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  world.socket.say({ resumed: { seq: 11 } });
  expect(world.socket.sent).toHaveLength(1);
});

test("a refusal comes back with its code and parameters", async () => {
  const { world, channel } = greeted();
  const outcome = channel.do("meeting", "lock", { locked: true }, { id: "mine" });
  world.socket.say({ refused: { id: "mine", code: "meeting.not_host", params: { why: 1 } } });
  await expect(outcome).resolves.toEqual({ kind: "refused", code: "meeting.not_host", params: { why: 1 } });
});

test("past its deadline a command is unsent and is not sent behind the person's back", async () => {
  const { world, channel } = greeted();
  world.socket.break();
  const outcome = channel.do("chat", "send", {}, { id: "mine", deadlineMs: 8000 });
  world.pass(8000);
  await expect(outcome).resolves.toEqual({ kind: "unsent", id: "mine" });
  world.socket.open();
  world.socket.say({ resumed: { seq: 10 } });
  expect(world.socket.sent).toEqual([{ hello: { resume: 10 } }]);
});

test("a server that is away is tried for ever, the first tries within a second of each other", () => {
  const { world } = greeted();
  world.luck = 0.999;
  world.socket.break();
  const gaps: number[] = [];
  let last = world.time;
  for (let count = world.sockets.length; gaps.length < 40;) {
    world.pass(10);
    if (world.sockets.length === count) continue;
    count = world.sockets.length;
    gaps.push(world.time - last);
    last = world.time;
    world.socket.break();
  }
  expect(Math.max(...gaps.slice(0, 8))).toBeLessThanOrEqual(1010);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5010);
});

test("a socket that hangs while opening is given up", () => {
  const { world } = scene();
  world.pass(3000);
  expect(world.sockets.length).toBeGreaterThan(1);
  expect(world.sockets[0]?.isClosed).toBe(true);
});

test("when the network is back, it does not wait for its turn", () => {
  const { world } = greeted();
  world.network(false);
  world.socket.break();
  const before = world.sockets.length;
  world.network(true);
  expect(world.sockets.length).toBe(before + 1);
});

test.each([
  [4002, "removed"],
  [4003, "ended"],
  [4004, "elsewhere"],
])("close code %i ends it for good: %s", (code, why) => {
  const { world, seen } = greeted();
  world.socket.break(code);
  world.pass(60_000);
  expect(seen.at(-1)).toBe(why);
  expect(world.sockets).toHaveLength(1);
});

test("a bad token asks for another and waits for it", () => {
  const { world, channel, seen } = greeted();
  world.socket.break(4001);
  world.pass(60_000);
  expect(seen.at(-1)).toBe("stale");
  expect(world.sockets).toHaveLength(1);
  expect(world.socket.protocols).toEqual(["folkmoot", "first"]);
  channel.renew("second");
  expect(world.socket.protocols).toEqual(["folkmoot", "second"]);
  expect(world.socket.url).toBe("wss://meet.example/c");
});

test("cut for being too slow, it resumes", () => {
  const { world } = greeted();
  world.socket.break(4008);
  world.pass(1000);
  expect(world.sockets).toHaveLength(2);
});

test("a batch is taken in order, and what is behind an end is no longer for us", () => {
  const { world, seen } = greeted();
  world.socket.say([event(11, "chat", "sent"), event(11, "chat", "sent"), 7, event(12, "chat", "deleted")]);
  world.socket.say([{ denied: { code: "meeting.ended", params: {} } }, event(13, "chat", "sent")]);
  expect(seen).toEqual(["welcome 10", "up", "sent 11", "deleted 12", "down", "ended"]);
});

test("behind the welcome come the ticket for media and, when it changes, what one may do", () => {
  const { world, seen } = greeted();
  world.socket.say({ media: { url: "wss://meet.example", token: "a" } });
  world.socket.say({ you: { participant: "me", name: "Me", role: "host", may: ["chat", "host"] } });
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  const you = { participant: "me", name: "Me", role: "guest", may: ["chat"] };
  world.socket.say([{ resumed: { seq: 10, you, now: "2026-11-27T09:00:00Z" } }, { media: { token: "b" } }]);
  expect(seen.slice(2)).toEqual([
    "media a",
    "may chat,host",
    "down",
    "clock 2026-11-27T09:00:00Z",
    "may chat",
    "up",
    "media b",
  ]);
});

test.each([[{ code: "meeting.locked", params: {} }], [{ code: "meeting.full", params: { most: 300 } }]])(
  "a door that is shut (%j) is not knocked at again",
  (denied) => {
    const { world, seen } = scene();
    world.socket.open();
    world.socket.say({ denied });
    world.socket.break(4005);
    world.network(true);
    world.pass(600_000);
    expect(seen).toEqual([`denied ${denied.code} ${JSON.stringify(denied.params)} undefined`]);
    expect(world.sockets).toHaveLength(1);
  },
);

test("a door that says when to come again is asked then, and not before", () => {
  const { world, seen } = scene();
  world.socket.open();
  world.socket.say({ denied: { code: "meeting.busy", params: { retry_after_s: 20 } } });
  world.pass(19_000);
  expect(world.sockets).toHaveLength(1);
  world.pass(1000);
  expect(world.sockets).toHaveLength(2);
  expect(seen).toEqual(['denied meeting.busy {"retry_after_s":20} 20000']);
});

test("who is denied because they were removed has been removed", () => {
  const { world, seen } = scene();
  world.socket.open();
  world.socket.say({ denied: { code: "meeting.removed", params: {} } });
  world.pass(60_000);
  expect(seen).toEqual(["removed"]);
  expect(world.sockets).toHaveLength(1);
});

test("in a queue one waits as long as it takes, and keeps the place", () => {
  const { world, seen } = scene();
  world.socket.open();
  world.socket.say({ queued: { place: 12 } });
  world.pass(120_000);
  world.socket.say({ queued: { place: 3 } });
  world.socket.say(welcome(5));
  expect(seen).toEqual(["queued 12", "queued 3", "welcome 5", "up"]);
  expect(world.sockets).toHaveLength(1);
});

test("who closes the page says so, if there is anybody to say it to", () => {
  const { world, channel } = greeted();
  channel.leaving();
  expect(world.socket.sent.at(-1)).toEqual({ leaving: {} });
  world.socket.break();
  channel.leaving();
  expect(world.socket.sent).toHaveLength(2);
});

test("nonsense from the wire changes nothing", () => {
  const { world, seen } = greeted();
  for (const nonsense of ["", "{", "null", "[1]", '{"event": 7}', '{"later": {}}', '{"done": {"id": 9}}'])
    world.socket.say(nonsense);
  expect(seen).toEqual(["welcome 10", "up"]);
});

test("closed, it lets go of everything", async () => {
  const { world, channel } = greeted();
  const outcome = channel.do("chat", "send", {}, { id: "mine" });
  channel.close();
  await expect(outcome).resolves.toEqual({ kind: "unsent", id: "mine" });
  await expect(channel.do("chat", "send", {}, { id: "late" })).resolves.toMatchObject({ kind: "unsent" });
  world.pass(60_000);
  expect(world.sockets).toHaveLength(1);
});
