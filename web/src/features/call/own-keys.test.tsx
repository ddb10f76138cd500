import { act, fireEvent, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { useRoom } from "../../ui/room/context";
import { type RoomKey, useKey, useKeys } from "../../ui/room/keys";
import { TestRoom } from "../../ui/room/room.testing";

import { DeviceRows } from "./DeviceRows";
import { KeyList } from "./KeyList";
import { KeysDialog } from "./KeysDialog";

vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});

const ran: string[] = [];
const chatKey: RoomKey = { id: "chat", label: "Chat", bindings: [{ with: "option", key: "h" }] };
const handKey: RoomKey = { id: "hand", label: "Hand", bindings: [{ with: "option", key: "y" }] };

function Keys() {
  useKey(chatKey, () => ran.push("chat"));
  useKey(handKey, () => ran.push("hand"));
  return <KeyList keys={useKeys()} prefs={useRoom().prefs} />;
}

// The DOM of these tests takes every Alt for AltGr.
const alt = (key: string) =>
  act(() => {
    const press = new KeyboardEvent("keydown", {
      key,
      code: `Key${key.toUpperCase()}`,
      altKey: true,
      bubbles: true,
    });
    Object.assign(press, { getModifierState: () => false });
    document.body.dispatchEvent(press);
  });
const change = () => fireEvent.click(screen.getByRole("button", { name: "Change the keys for: Chat" }));

test("a key is changed: the new one does it, the old one nothing; what is taken is named", () => {
  const room = new TestRoom();
  room.draw(
    <>
      <KeysDialog />
      <Keys />
    </>,
  );
  change();
  expect(screen.getByRole("status").textContent).toContain("Press the new keys");
  alt("y");
  expect(screen.getByRole("status").textContent).toBe("Alt+Y is taken: Hand. Change that one first.");
  expect(ran, "while it waits, a key does nothing").toEqual([]);
  change();
  alt("q");
  expect(room.room.prefs.get().keys).toBe("chat=option q");
  expect(screen.getByRole("status").textContent).toBe("Alt+Q now does this: Chat.");
  alt("q");
  alt("h");
  expect(ran).toEqual(["chat"]);
  fireEvent.click(screen.getByRole("button", { name: "Set all keys back" }));
  expect(screen.getByRole("status").textContent).toBe("All keys are as they were.");
  alt("h");
  expect(ran).toEqual(["chat", "chat"]);
});

test("Escape leaves a key as it was, and what belongs to the browser is left to it", () => {
  const room = new TestRoom();
  room.draw(<Keys />);
  change();
  act(() => void fireEvent.keyDown(document.body, { key: "Escape", code: "Escape" }));
  expect(room.room.prefs.get().keys).toBe("");
  change();
  act(() => void fireEvent.keyDown(document.body, { key: "t", code: "KeyT", ctrlKey: true }));
  expect(screen.getByRole("status").textContent).toBe("Ctrl+T belongs to the browser. Choose others.");
});

test("where there is no device, it is said in its place", () => {
  const room = new TestRoom();
  room.draw(<DeviceRows />);
  expect(screen.getAllByText("None found").length).toBeGreaterThan(1);
});
