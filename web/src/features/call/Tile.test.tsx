import { act, fireEvent, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";

import type { Present } from "../../core/meeting/present";
import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { Tile, type TileProps } from "./Tile";

vi.mock("../../core/devices/meter", () => ({ startMeter: () => () => undefined }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});

const bo: Present = {
  id: "bo",
  name: "Bo",
  role: "guest",
  self: false,
  microphone: "muted",
  camera: false,
  screen: false,
  line: "good",
  paused: false,
  connection: "in",
};

function drawn(person: Partial<Present> = {}, props: Partial<TileProps> = {}) {
  const room = new TestRoom().stands({});
  room.draw(
    <Tile
      person={{ ...bo, ...person }}
      look="grid"
      pinned={false}
      alike={undefined}
      isStop
      onPhone={false}
      onFocus={() => undefined}
      x={0}
      y={0}
      width={320}
      height={180}
      {...props}
    />,
  );
  return { room, cell: screen.getByRole("gridcell") };
}

const spoken = (cell: HTMLElement) => cell.getAttribute("aria-label");

test.each([
  [{}, {}, "Bo, guest, muted, camera off"],
  [{ microphone: "live", camera: true, role: "cohost" }, {}, "Bo, co-host, microphone on, camera on"],
  [{}, { alike: "like_host" }, "Bo, guest, same name as a host, muted, camera off"],
  [{}, { alike: "doubled" }, "Bo, guest, name also in use, muted, camera off"],
  [{ paused: true }, {}, "Bo, guest, Video paused to save bandwidth, muted, camera off"],
  [{ line: "weak" }, {}, "Bo, guest, Weak connection, muted, camera off"],
  [{ connection: "reconnecting" }, {}, "Bo, guest, Reconnecting…, muted, camera off"],
  [{ self: true, role: "owner" }, {}, "Bo (you), host, muted, camera off"],
] as const)("%j %j is said as %s", (person, props, words) => {
  expect(spoken(drawn(person, props).cell)).toBe(words);
});

// WCAG 2.5.3: who says what they see to their machine names the tile.
test.each([
  [{ paused: true }, {}],
  [{ line: "weak", role: "cohost" }, { alike: "doubled" }],
] as const)("its name has the words that are seen, in their order and apart", (person, props) => {
  const { cell } = drawn({ ...person, camera: true }, props);
  const words = (text: string | null) =>
    ` ${text
      ?.toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim()} `;
  // The initials of a face.
  cell.querySelector("[aria-hidden=true]:not(:has(bdi))")?.remove();
  expect(words(spoken(cell))).toContain(words(cell.textContent));
});

test("who has a host's name bears a mark that is seen, too", () => {
  const { cell } = drawn({}, { alike: "like_host" });
  expect(cell.textContent).toContain("same name as a host");
});

test.each([
  [{ connection: "connecting" }, "Connecting…"],
  [{ connection: "reconnecting" }, "Reconnecting…"],
  [{ line: "weak" }, "Weak connection"],
] as const)("%j reads %s", (person, words) => {
  expect(drawn(person).cell.textContent).toContain(words);
});

test("loudness goes to the element, and the ring comes and goes with it", () => {
  const { room, cell } = drawn();
  const { levels } = room.session.media;
  act(() => levels.set(new Map([["bo", 0.4]])));
  expect(cell.dataset["speaking"]).toBe("");
  expect(cell.style.getPropertyValue("--level")).toBe("0.40");
  act(() => levels.set(new Map()));
  expect(cell.dataset["speaking"]).toBeUndefined();
});

test("Enter opens the menu of the tile", async () => {
  fireEvent.keyDown(drawn().cell, { key: "Enter" });
  expect(await screen.findByRole("menu", { name: "More about Bo" })).toBeTruthy();
});
