import { act, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { Quality } from "./Quality";
import { feature } from "./room";

vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});

function links(lost: () => number) {
  const stats = (reports: object[]) =>
    Promise.resolve(
      new Map(reports.map((report, index) => [String(index), { id: String(index), ...report }])),
    );
  let packets = 0;
  const receiver = (isBad: boolean) => ({
    getStats: () =>
      stats([{ type: "inbound-rtp", packetsReceived: (packets += 100), packetsLost: isBad ? lost() : 0 }]),
  });
  return {
    senders: [],
    receivers: [
      { person: "bo", link: receiver(true) },
      { person: "cy", link: receiver(false) },
    ],
  } as never;
}

test("while one looks, it is measured and said in words whose line it is", async () => {
  vi.useFakeTimers();
  const people = ["me", "bo", "cy"].map((id) => ({
    id,
    name: id.toUpperCase(),
    role: "guest",
    joinedAt: "",
  }));
  const room = new TestRoom([feature]).stands({ meeting: { people } });
  let lost = 0;
  vi.spyOn(room.session.media, "links").mockImplementation(() => links(() => (lost += 50)));
  const { unmount } = room.draw(<Quality />);
  expect(screen.getByRole("status").textContent).toBe("Measuring…");
  expect(screen.getByText("No trouble so far.")).toBeTruthy();
  await act(() => vi.advanceTimersByTimeAsync(2100));
  expect(screen.getByRole("status").textContent).toContain(
    "What comes from BO arrives with gaps: it is their line.",
  );
  const asked = vi.mocked(room.session.media.links).mock.calls.length;
  unmount();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.mocked(room.session.media.links).mock.calls.length, "nobody looks, nothing is asked").toBe(asked);
  vi.useRealTimers();
});
