// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";

import type { Answer, JoinResult } from "../api/types";
import type { DepartureReason, Entry, Passage } from "../journey/room";

import { Raw } from "./own/world.testing";
import { Session } from "./session";
import { event, welcome, World } from "./world.testing";

vi.mock("../devices/meter", () => ({
  audioContext: () => ({ state: "suspended" }),
  startMeter: () => () => undefined,
}));
// Media have tests of their own, in real browsers; here they are for ever loading.
vi.mock("./media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

function passage(change: Partial<Passage> = {}): Passage {
  return {
    join: {
      participant: "me",
      role: "guest",
      name: "Me",
      meeting: { number: "123456789012", title: "Weekly review", locked: false },
      channel_token: "first",
      rejoin: "again",
    },
    media: {
      microphone: null,
      camera: null,
      microphoneOn: false,
      cameraOn: false,
      microphoneId: null,
      cameraId: null,
      speakerId: null,
    },
    invitation: null,
    rejoin: () => Promise.resolve({ kind: "unreachable" }),
    ...change,
  };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

function scene(change: Partial<Passage> = {}) {
  const world = new World();
  const departures: DepartureReason[] = [];
  const stands: Entry[] = [];
  const session = new Session(passage(change), [], world.edges, ({ reason }) => departures.push(reason));
  session.entry.subscribe(() => stands.push(session.entry.get()));
  return { world, session, departures, stands };
}

function begun(change: Partial<Passage> = {}): ReturnType<typeof scene> {
  const all = scene(change);
  all.session.start();
  all.world.socket.open();
  all.world.socket.say(
    welcome(1, { meeting: { title: "Weekly review", people: [{ id: "me", name: "Me", role: "guest" }] } }),
  );
  return all;
}

test("a session that is made and thrown away has reached for nothing", () => {
  const { world } = scene();
  world.pass(60_000);
  world.network(true);
  expect(world.sockets).toEqual([]);
});

test("one person, one channel, however often it is started", () => {
  const { world, session } = begun();
  session.start();
  expect(world.sockets).toHaveLength(1);
});

test("who is removed departs once, and the socket's end adds nothing", () => {
  const { world, departures } = begun();
  world.socket.say(event(2, "meeting", "removed", { participant: "me" }));
  world.socket.break(4002);
  expect(departures).toEqual(["removed"]);
});

test("somebody else's removal is not mine", () => {
  const { world, departures } = begun();
  world.socket.say(event(2, "meeting", "removed", { participant: "ann" }));
  expect(departures).toEqual([]);
});

test("the end for everyone, the same person on another device: each has its own word", () => {
  const one = begun();
  one.world.socket.say(event(2, "meeting", "ended"));
  const other = begun();
  other.world.socket.break(4004);
  expect([...one.departures, ...other.departures]).toEqual(["ended", "elsewhere"]);
});

test("who ends it for everyone hears of the end before the answer, and is told nothing else", async () => {
  const { world, session, departures } = begun();
  const isOver = session.endForAll();
  world.socket.say(event(2, "meeting", "ended"));
  world.socket.break(4003);
  await expect(isOver).resolves.toBe(true);
  expect(departures).toEqual(["ended"]);
});

test("who can't end it is told, and stays", async () => {
  const { world, session, departures } = begun();
  const isOver = session.endForAll();
  const id: unknown = world.socket.sent.at(-1)?.["do"]?.["id"];
  world.socket.say({ refused: { id, code: "meeting.not_host", params: {} } });
  await expect(isOver).resolves.toBe(false);
  expect(departures).toEqual([]);
});

test("a token that is no longer good is changed for another", async () => {
  const again: Answer<JoinResult> = { kind: "ok", value: { ...passage().join, channel_token: "second" } };
  const { world } = begun({ rejoin: () => Promise.resolve(again) });
  world.socket.break(4001);
  await vi.waitFor(() => expect(world.sockets).toHaveLength(2));
  expect(world.socket.protocols).toEqual(["folkmoot", "second"]);
  expect(world.sockets.map(({ url }) => url).join()).not.toMatch(/first|second/);
});

test("who comes when many come reads of their place, then is in, and stays in over a broken line", () => {
  const { world, session, stands } = scene();
  session.start();
  world.socket.open();
  world.socket.say({ queued: { place: 2 } });
  world.socket.say([welcome(1), { media: { url: "wss://meet.example", token: "t" } }]);
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  world.socket.say({ queued: { place: 9 } });
  expect(stands).toEqual([{ at: "queued", place: 2 }, { at: "in" }]);
});

test("who is not let in is told why, once, and nothing stays open", () => {
  const microphone = new Raw("audio");
  const media = { ...passage().media, microphone: microphone as unknown as MediaStreamTrack };
  const { world, session, departures, stands } = scene({ media });
  session.start();
  world.socket.open();
  world.socket.say({ denied: { code: "meeting.full", params: { most: 2 } } });
  world.socket.break(4005);
  world.pass(60_000);
  expect(stands).toEqual([{ at: "denied", code: "meeting.full", params: { most: 2 }, againMs: undefined }]);
  expect(departures).toEqual([]);
  expect(world.sockets).toHaveLength(1);
  expect(microphone.readyState).toBe("ended");
});

test("a door that says when to come again is told, and then one is in", () => {
  const { world, session, stands } = scene();
  session.start();
  world.socket.open();
  world.socket.say({ denied: { code: "meeting.busy", params: { retry_after_s: 1 } } });
  world.pass(1000);
  world.socket.open();
  world.socket.say(welcome(1));
  expect(stands.map(({ at }) => at)).toEqual(["denied", "in"]);
});

test("a server that breaks at every join, though it lives, has not ended the meeting", async () => {
  const { world, session, departures, stands } = begun();
  world.socket.break(4001);
  for (let tries = 0; tries < 20; tries += 1) {
    await settled();
    world.pass(6000);
  }
  expect(departures).toEqual([]);
  expect(stands).toEqual([{ at: "in" }]);
  expect(session.line.get().kind).not.toBe("good");
});

test("a door that stays shut for who comes back is named by its code, and not called an end", async () => {
  const refused: Answer<JoinResult> = {
    kind: "refused",
    refusal: { code: "meeting.closed_door", params: {} },
  };
  const { world, departures, stands } = begun({ rejoin: () => Promise.resolve(refused) });
  world.socket.break(4001);
  for (let tries = 0; tries < 5; tries += 1) {
    await settled();
    world.pass(6000);
  }
  expect(departures).toEqual([]);
  expect(stands.at(-1)).toMatchObject({ at: "denied", code: "meeting.closed_door" });
});

test("the meeting's clock is the server's, whatever this device's says", () => {
  const { world, session } = scene();
  session.start();
  world.pass(5000);
  world.socket.open();
  world.socket.say(welcome(1, {}, "2026-11-27T09:00:00.000Z"));
  world.pass(2500);
  expect(new Date(session.serverNow()).toISOString()).toBe("2026-11-27T09:00:02.500Z");
});

test("a host who becomes one by the log has the tools of one", () => {
  const { world, session } = begun();
  world.socket.say({ you: { participant: "me", name: "Me", role: "host", may: ["chat", "host"] } });
  expect(session.you.get().may).toContain("host");
});

test("who mutes before the media are loaded is muted", () => {
  const microphone = new Raw("audio");
  const media = {
    ...passage().media,
    microphone: microphone as unknown as MediaStreamTrack,
    microphoneOn: true,
  };
  const { session } = begun({ media });
  session.media.setMicrophone(false);
  expect(session.media.state.get().own.microphone).toBe(false);
  expect(microphone.isHot).toBe(false);
});

test("who closes the tab tells it on the channel", () => {
  const { world } = begun();
  world.closeTab();
  expect(world.socket.sent.at(-1)).toEqual({ leaving: {} });
});

test("N6: who leaves a line that is broken gave it up, and who leaves before there was one has left", () => {
  for (const [phases, reason] of [
    [[], "left"],
    [["up"], "left"],
    [["up", "reconnecting"], "unreachable"],
  ] as const) {
    const { session, departures } = begun();
    for (const phase of phases) session.media.state.set({ ...session.media.state.get(), phase });
    session.leave();
    expect(departures).toEqual([reason]);
  }
});
