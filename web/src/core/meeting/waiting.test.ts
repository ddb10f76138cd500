// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";

import type { Passage } from "../journey/room";

import { meetingFeature } from "./people";
import { Raw } from "./own/world.testing";
import { Session } from "./session";
import { event, waitingWelcome, welcome, World } from "./world.testing";

vi.mock("../devices/meter", () => ({
  audioContext: () => ({ state: "suspended" }),
  startMeter: () => () => undefined,
}));
vi.mock("./media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

const join = {
  participant: "me",
  role: "guest",
  name: "Me",
  meeting: { number: "123456789012", title: "", locked: false },
  channel_token: "first",
  rejoin: "again",
} as const;

function arrived(change: Partial<Passage["media"]> = {}) {
  const world = new World();
  const media: Passage["media"] = {
    microphone: null,
    camera: null,
    microphoneOn: false,
    cameraOn: false,
    microphoneId: null,
    cameraId: null,
    speakerId: null,
    ...change,
  };
  const passage: Passage = {
    join,
    media,
    invitation: null,
    rejoin: () => Promise.resolve({ kind: "unreachable" }),
  };
  const departures: string[] = [];
  const session = new Session(passage, [], world.edges, ({ reason }) => departures.push(reason));
  session.start();
  world.socket.open();
  return { world, session, departures };
}

const told = { reason: "waiting", line: "Five minutes.", title: null, host: "Ann" };
const people = [
  { id: "ann", name: "Ann", role: "owner" },
  { id: "me", name: "Me", role: "guest" },
];

test("who waits is told the host's line, and is in when a full welcome comes", () => {
  const { world, session } = arrived();
  world.socket.say(waitingWelcome(4, told));
  expect(session.entry.get()).toEqual({ at: "waiting", ...told });
  world.socket.say(waitingWelcome(4, { ...told, reason: "no_host" }));
  expect(session.entry.get()).toMatchObject({ reason: "no_host" });
  world.socket.say(welcome(9, { meeting: { people } }));
  expect(session.entry.get()).toEqual({ at: "in" });
  expect(session.people.get().map(({ id }) => id)).toEqual(["ann", "me"]);
});

test("who waits and comes back over a broken line resumes nothing: of the log they have seen nothing", () => {
  const { world, session } = arrived();
  world.socket.say(waitingWelcome(0, told));
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  expect(world.socket.sent).toEqual([{ hello: {} }]);
  world.socket.say(waitingWelcome(0, { ...told, line: "Now." }));
  expect(session.entry.get()).toMatchObject({ at: "waiting", line: "Now." });
});

test("a broken line while one waits lets nobody in", () => {
  const { world, session } = arrived();
  world.socket.say(waitingWelcome(4, told));
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  world.socket.say({ resumed: { seq: 4, you: { participant: "me", name: "Me", role: "waiting", may: [] } } });
  expect(session.entry.get().at).toBe("waiting");
});

test("who is sent out forgets the names, hears and sends nothing, and has not departed", () => {
  const { world, session, departures } = arrived();
  world.socket.say(welcome(1, { meeting: { people } }));
  world.socket.say(waitingWelcome(2, { ...told, reason: "sent" }));
  expect(session.entry.get()).toMatchObject({ at: "waiting", reason: "sent" });
  expect(session.people.get().map(({ id }) => id)).toEqual(["me"]);
  expect(session.media.state.get().phase).toBe("connecting");
  world.pass(60_000);
  expect(departures).toEqual([]);
  expect(world.sockets).toHaveLength(1);
});

test("who waits keeps their devices as they are, and comes in with them", () => {
  const microphone = new Raw("audio");
  const { world, session } = arrived({
    microphone: microphone as unknown as MediaStreamTrack,
    microphoneOn: true,
  });
  world.socket.say(waitingWelcome(1, told));
  expect(session.media.state.get().own.microphone).toBe(true);
  world.socket.say(welcome(2));
  expect(session.media.state.get().own.microphone).toBe(true);
  expect(microphone.isHot).toBe(true);
});

test("a meeting that mutes on entry mutes who comes in, and nobody who comes back over a broken line", () => {
  const microphone = new Raw("audio");
  const { world, session } = arrived({
    microphone: microphone as unknown as MediaStreamTrack,
    microphoneOn: true,
  });
  const quiet = { meeting: { policy: { muteOnEntry: true } } };
  world.socket.say(welcome(1, quiet));
  expect(session.media.state.get().own.microphone).toBe(false);
  session.media.setMicrophone(true);
  world.socket.break();
  world.pass(1000);
  world.socket.open();
  world.socket.say(welcome(2, quiet));
  expect(session.media.state.get().own.microphone).toBe(true);
});

test("who may no longer unmute is muted at once, is told when they try, and opens nothing", () => {
  const microphone = new Raw("audio");
  const { world, session } = arrived({
    microphone: microphone as unknown as MediaStreamTrack,
    microphoneOn: true,
  });
  const troubles: string[] = [];
  session.onTrouble(({ device, what }) => troubles.push(`${device}: ${what}`));
  world.socket.say(welcome(1));
  world.socket.say({ you: { participant: "me", name: "Me", role: "guest", may: ["chat"] } });
  expect(microphone.isHot).toBe(false);
  session.media.setMicrophone(true);
  session.media.own.share();
  expect(session.media.state.get().own.microphone).toBe(false);
  expect(troubles).toEqual(["microphone: not_allowed", "screen: not_allowed"]);
});

test("what is allowed again stays off until its owner turns it on", () => {
  const { world, session } = arrived();
  world.socket.say(welcome(1));
  world.socket.say({ you: { participant: "me", name: "Me", role: "guest", may: [] } });
  world.socket.say({ you: { participant: "me", name: "Me", role: "guest", may: ["unmute"] } });
  expect(session.media.state.get().own.microphone).toBe(false);
});

test("who was removed and may ask to come back is told so, and when it was", () => {
  const world = new World();
  const departures: unknown[] = [];
  const { passage } = arrived().session;
  const session = new Session(passage, [], world.edges, ({ reason, again, when }) =>
    departures.push({ reason, again, when }),
  );
  session.start();
  world.socket.open();
  world.socket.say({
    denied: { code: "meeting.removed", params: { again: true, at: "2026-11-27T09:00:00Z" } },
  });
  expect(departures).toEqual([{ reason: "removed", again: true, when: "2026-11-27T09:00:00Z" }]);
});

test("the clock of attention: a hundred looks away change no byte of what is sent, and no host can see one", () => {
  const { world, session } = arrived();
  world.socket.say(welcome(1, { meeting: { people } }));
  world.socket.say(event(2, "meeting", "joined", { id: "bo", name: "Bo", role: "guest" }));
  const before = JSON.stringify(world.socket.sent);
  const shown = vi.spyOn(document, "visibilityState", "get");
  for (let look = 0; look < 100; look += 1) {
    for (const state of ["hidden", "visible"] as const) {
      shown.mockReturnValue(state);
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event(state === "hidden" ? "blur" : "focus"));
      world.pass(1000);
    }
  }
  shown.mockRestore();
  expect(JSON.stringify(world.socket.sent)).toBe(before);
  expect(world.sockets).toHaveLength(1);
  expect(session.log.of(meetingFeature).get().people).toHaveLength(3);
});
