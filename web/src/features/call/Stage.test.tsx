import { act, fireEvent, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { Stage } from "./Stage";

vi.mock("../../core/devices/meter", () => ({ startMeter: () => () => undefined }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1334);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(596);
});

const person = (id: string, name: string, role = "guest") => ({ id, name, role, joinedAt: "" });

function drawn(...others: ReturnType<typeof person>[]) {
  const room = new TestRoom().stands({ meeting: { people: [person("me", "Me"), ...others] } });
  room.draw(<Stage form="desktop" isMini={false} />);
  return room;
}

const cells = () => screen.getAllByRole("gridcell");
const names = () => cells().map((cell) => cell.getAttribute("aria-label")?.split(",")[0]);
const cell = (name: string) => screen.getByRole("gridcell", { name: new RegExp(`^${name}`) });
const stops = () => cells().filter(({ tabIndex }) => tabIndex === 0);

test("everybody has a tile, in the order they came, and one of them is the stop of the Tab key", () => {
  drawn(person("bo", "Bo"), person("cy", "Cy"), person("di", "Di"));
  expect(names()).toEqual(["Me (you)", "Bo", "Cy", "Di"]);
  expect(stops()).toHaveLength(1);
});

test("who comes has a tile, who leaves has none", () => {
  const room = drawn(person("bo", "Bo"));
  room.says({
    event: { seq: 2, at: "", feature: "meeting", type: "joined", by: null, payload: person("cy", "Cy") },
  });
  expect(names()).toEqual(["Me (you)", "Bo", "Cy"]);
  room.says({
    event: { seq: 3, at: "", feature: "meeting", type: "left", by: null, payload: { id: "bo" } },
  });
  expect(names()).toEqual(["Me (you)", "Cy"]);
});

test("arrow keys walk from tile to tile, and take the stop along", () => {
  drawn(person("bo", "Bo"), person("cy", "Cy"), person("di", "Di"));
  act(() => cell("Bo").focus());
  const before = document.activeElement;
  fireEvent.keyDown(cell("Bo"), { key: "ArrowDown" });
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "ArrowLeft" });
  expect(document.activeElement).not.toBe(before);
  expect(stops()).toEqual([document.activeElement]);
});

test("arrow keys in the menu of a tile are the menu's: no other tile is chosen by them", async () => {
  drawn(person("bo", "Bo"), person("cy", "Cy"), person("di", "Di"));
  act(() => cell("Bo").focus());
  fireEvent.keyDown(cell("Bo"), { key: "Enter" });
  const menu = await screen.findByRole("menu", { name: "More about Bo" });
  const stop = stops();
  for (const target of [menu, ...screen.getAllByRole("menuitem")])
    for (const key of ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"]) {
      fireEvent.keyDown(target, { key });
      expect(stops()).toEqual(stop);
    }
});

test("whoever bears a host's name is marked on the stage, the host is not", () => {
  drawn(person("ann", "Ann", "owner"), person("x", "ann"));
  expect(cell("ann, guest, same name as a host")).toBeTruthy();
  expect(cell("Ann, host, muted")).toBeTruthy();
});
