// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";

import { Store } from "../../store";
import { World } from "../world.testing";

import { Media } from "./media";

/** livekit-client as far as a connection is begun with it. */
const connected: string[] = [];
class Room {
  readonly remoteParticipants = new Map();
  on(): this {
    return this;
  }
  removeAllListeners(): void {}
  disconnect(): Promise<void> {
    return Promise.resolve();
  }
  connect(_: string, token: string): Promise<void> {
    connected.push(token);
    return new Promise(() => undefined);
  }
}
vi.mock("./livekit", () => ({ loadLiveKit: () => Promise.resolve({ Room, RoomEvent: {} }) }));
vi.mock("../../devices/meter", () => ({ startMeter: () => () => undefined }));

const nothing = {
  microphone: null,
  camera: null,
  microphoneOn: false,
  cameraOn: false,
  microphoneId: null,
  cameraId: null,
  speakerId: null,
};
const ignore = (): void => undefined;
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

async function scene() {
  const world = new World();
  const renewed = vi.fn<() => void>();
  const media = new Media("me", nothing, world, {
    missing: ignore,
    restarting: ignore,
    ended: ignore,
    trouble: ignore,
    renew: renewed,
  });
  return { world, media, renewed };
}

beforeEach(() => {
  connected.length = 0;
});

/** What a feature that agrees keys, or asks for a consent, does in `attend`. */
test("nothing is connected until every guard is through, whatever tries meanwhile", async () => {
  const { world, media } = await scene();
  const [keys, consent] = [new Store(false), new Store(false)];
  media.guard(keys);
  media.guard(consent);
  media.start();
  await settled();
  media.admit({ url: "wss://meet.example", token: "first" });
  media.retryNow();
  world.pass(60_000);
  keys.set(true);
  expect(connected).toEqual([]);
  media.admit({ url: "wss://meet.example", token: "second" });
  consent.set(true);
  expect(connected).toEqual(["second"]);
  media.close();
});

test("a guard that is taken away holds nothing, and without a ticket there is nothing to hold", async () => {
  const { media, renewed } = await scene();
  const ungrant = media.guard(new Store(false));
  media.start();
  await settled();
  ungrant();
  expect([connected, renewed.mock.calls]).toEqual([[], []]);
  media.admit({ url: "wss://meet.example", token: "first" });
  expect(connected).toEqual(["first"]);
  media.close();
});
