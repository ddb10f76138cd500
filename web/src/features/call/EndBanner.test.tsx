import { act, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { EndBanner } from "./EndBanner";
import { FullBanner } from "./FullBanner";

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
  expect(words(drawn)).toBe("The meeting ends in 10 minutes.This meeting may last 40 minutes.");
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

/** Nothing is asked before it matters, and by nobody but the organiser. */
function whoMay(may: readonly string[], where: string | null) {
  const room = new TestRoom();
  const asked = vi.spyOn(room.room, "plans").mockResolvedValue(where);
  vi.spyOn(room.session, "serverNow").mockReturnValue(0);
  return {
    room,
    asked,
    stands: (meeting: Record<string, unknown>) => room.stands({ role: "owner", may, meeting }),
  };
}
const near = { minutes: 40, endsAt: new Date(5 * 60_000).toISOString() };
const settled = () => act(() => vi.advanceTimersByTimeAsync(0));

test("J20: the organiser is led to plans that help, in a tab of its own", async () => {
  const { room, asked, stands } = whoMay(["host", "own"], "/org/plan?org=o1");
  stands({ minutes: 40, endsAt: new Date(30 * 60_000).toISOString() });
  room.draw(<EndBanner />);
  await settled();
  expect(asked).not.toHaveBeenCalled();
  room.says({
    event: {
      seq: 2,
      at: "",
      feature: "meeting",
      type: "limits",
      by: null,
      payload: { people: null, ...near },
    },
  });
  await settled();
  const link = screen.getByRole("link", { name: "See plans" });
  expect([link.getAttribute("href"), link.getAttribute("target")]).toEqual(["/org/plan?org=o1", "_blank"]);
  expect(asked).toHaveBeenCalledExactlyOnceWith("minutes");
});

test("J20: everybody else reads words alone, and so does an organiser whom no plan helps", async () => {
  const { room, asked, stands } = whoMay(["host"], "/org/plan?org=o1");
  stands(near);
  room.draw(<EndBanner />);
  await settled();
  expect(screen.queryByRole("link")).toBeNull();
  expect(asked).not.toHaveBeenCalled();
});

const crowd = (size: number) => ({
  most: 2,
  people: Array.from({ length: size }, (_, n) => ({ id: `p${n}`, name: "Ann", role: "guest", joinedAt: "" })),
});

test("J5: the organiser inside hears that others wait, and is led to plans that help", async () => {
  const { room, stands } = whoMay(["host", "own"], "/org/plan?org=o1");
  stands(crowd(2));
  const drawn = room.draw(<FullBanner />);
  await settled();
  expect(words(drawn)).toMatch("The meeting is full.All 2 places are taken.");
  expect(screen.getByRole("link", { name: "See plans" })).toBeDefined();
});

test.each([
  ["a place is free", ["own"], 1, "/org/plan?org=o1"],
  ["somebody else hosts", ["host"], 2, "/org/plan?org=o1"],
  ["no plan helps", ["own"], 2, null],
] as const)("J5: nothing is said inside where %s", async (_, may, size, where) => {
  const { room, stands } = whoMay(may, where);
  stands(crowd(size));
  const drawn = room.draw(<FullBanner />);
  await settled();
  expect(words(drawn)).toBe("");
});
