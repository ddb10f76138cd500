import { expect, test, vi } from "vitest";

import { TestRoom } from "../../ui/room/room.testing";

import { askedOf } from "./asked";

vi.mock("../../core/devices/meter", () => ({ startMeter: () => () => undefined }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

const event = (seq: number, type: string, payload: object) => ({
  event: { seq, at: "", feature: "meeting", type, by: "ann", payload },
});
const you = (...may: string[]) => ({ you: { participant: "me", name: "Me", role: "guest", may } });

test("who is asked to unmute is asked until they answer, or may no longer", () => {
  const room = new TestRoom().stands({ may: ["unmute"] });
  const { isAsked } = askedOf(room.session);
  room.says(event(2, "ask_unmute", { participant: "bo" }));
  expect(isAsked.get()).toBe(false);
  room.says(event(3, "ask_unmute", { participant: "me" }));
  expect(isAsked.get()).toBe(true);
  room.says(you());
  expect(isAsked.get()).toBe(false);
});
