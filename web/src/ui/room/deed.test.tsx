import { act, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";

import { activate } from "../../i18n/i18n";

import { type Deed, useDeed } from "./deed";
import { TestRoom } from "./room.testing";

vi.mock("../../core/devices/meter", () => ({ startMeter: () => () => undefined }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(() => activate("en"));

/** Does something to Bo, is refused with that code, and gives what was said of it. */
async function refusedWith(code: string): Promise<string | undefined> {
  const room = new TestRoom().stands({ may: ["host"] });
  let deed: Deed | undefined;
  function Host() {
    deed = useDeed();
    return null;
  }
  const { unmount } = room.draw(<Host />);
  const done = deed?.("admit", { participant: "bo" }, "Bo");
  const [asked] = room.world.socket.sent.slice(-1) as unknown as { do: { id: string } }[];
  room.says({ refused: { id: asked?.do.id, code, params: {} } });
  await act(async () => {
    expect(await done).toBe(false);
  });
  const said = screen.queryByRole("region", { name: "Notice" })?.textContent ?? undefined;
  unmount();
  return said;
}

test("the slower of two hosts hears that another was sooner, and of no mistake", async () => {
  expect(await refusedWith("meeting.not_waiting")).toBe(
    "Bo no longer waits: another host answered, or they left.",
  );
});

test("whatever else was not done is said with the name of whom it was for", async () => {
  expect(await refusedWith("meeting.outranked")).toMatch(/^That didn't work: Bo/);
});
