import { act } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { EndBanner } from "./EndBanner";

vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const words = (room: ReturnType<TestRoom["draw"]>) => room.queryByRole("status")?.textContent ?? "";

function inAMeetingThatEndsIn(minutes: number) {
  const room = new TestRoom();
  let now = 0;
  vi.spyOn(room.session, "serverNow").mockImplementation(() => now);
  room.stands({ meeting: { minutes: 40, endsAt: new Date(minutes * 60_000).toISOString() } });
  const drawn = room.draw(<EndBanner />);
  const passes = (ms: number) =>
    act(() => {
      now += ms;
      vi.advanceTimersByTime(ms);
    });
  return { room, drawn, passes };
}

test("J20: nothing is said until ten minutes are left, and then each minute how many", () => {
  const { drawn, passes } = inAMeetingThatEndsIn(12);
  expect(words(drawn)).toBe("");
  passes(60_001);
  expect(words(drawn)).toBe("");
  passes(60_001);
  expect(words(drawn)).toBe("The meeting ends in 10 minutes.Meetings on this server last 40 minutes.");
  passes(9 * 60_001);
  expect(words(drawn)).toMatch("The meeting ends in 1 minute.");
});

test("J20: a limit that is taken away is told no more", () => {
  const { room, drawn } = inAMeetingThatEndsIn(5);
  expect(words(drawn)).toMatch("5 minutes");
  const payload = { people: null, minutes: null, endsAt: null };
  room.says({ event: { seq: 2, at: "", feature: "meeting", type: "limits", by: null, payload } });
  expect(words(drawn)).toBe("");
});
