import { expect, test, vi } from "vitest";

import type { DepartureReason, Passage } from "../journey/room";

import { Session } from "./session";
import { event, welcome, World } from "./world.testing";

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
      livekit: { url: "wss://meet.example", token: "t" },
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
    rejoin: () => Promise.resolve(null),
    ...change,
  };
}

function scene(change: Partial<Passage> = {}) {
  const world = new World();
  const departures: DepartureReason[] = [];
  const session = new Session(passage(change), [], world.edges, ({ reason }) => departures.push(reason));
  return { world, session, departures };
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

test("a token that is no longer good is changed for another", async () => {
  const again = { ...passage().join, channel_token: "second" };
  const { world } = begun({ rejoin: () => Promise.resolve(again) });
  world.socket.break(4001);
  await vi.waitFor(() => expect(world.sockets).toHaveLength(2));
  expect(world.socket.url).toContain("token=second");
});

test("a host who becomes one by the log has the tools of one", () => {
  const { world, session } = begun();
  world.socket.say(event(2, "meeting", "role_changed", { participant: "me", role: "host" }));
  expect(session.you.get().role).toBe("host");
});

test("who mutes before the media are loaded is muted", () => {
  const track = { enabled: true, stop: () => undefined } as unknown as MediaStreamTrack;
  const { session } = begun({ media: { ...passage().media, microphone: track, microphoneOn: true } });
  session.media.setMicrophone(false);
  expect(session.media.state.get().own.microphone).toBe(false);
  expect(track.enabled).toBe(false);
});
