import { act, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

import { signal } from "../../core/devices/signal";
import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { NoticeRows } from "./NoticeRows";
import { tell } from "./telling";

vi.mock("../../core/devices/signal", () => ({ signal: vi.fn<() => void>() }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

class Shown {
  static permission = "default";
  static readonly all: string[] = [];
  static requestPermission = async () => (Shown.permission = "granted");
  constructor(title: string) {
    Shown.all.push(title);
  }
  close() {}
}

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});
beforeEach(() => {
  sessionStorage.clear();
  Shown.permission = "default";
  Shown.all.length = 0;
  vi.mocked(signal).mockClear();
  vi.stubGlobal("Notification", Shown);
  vi.stubGlobal("isSecureContext", true);
});
afterEach(() => vi.unstubAllGlobals());

const people = [
  { id: "me", name: "Me", role: "guest", joinedAt: "" },
  { id: "bo", name: "Bo", role: "guest", joinedAt: "" },
];
let seq = 10;
const writes = (room: TestRoom, text: string) =>
  room.says({
    event: {
      seq: (seq += 1),
      at: "",
      feature: "chat",
      type: "sent",
      by: "bo",
      payload: { id: `m${seq}`, text },
    },
  });
function hide(isHidden: boolean): void {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
}

test("one is asked once one has missed something, and not before", async () => {
  const room = new TestRoom().stands({ meeting: { people } });
  room.draw(<p />);
  const stop = tell(room.room);
  hide(true);
  expect(screen.queryByText(/While you were away/)).toBeNull();
  writes(room, "tea?");
  expect([Shown.all, vi.mocked(signal).mock.calls]).toEqual([[], [["message"]]]);
  hide(false);
  await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Show them" })));
  hide(true);
  writes(room, "and cake?");
  expect(Shown.all).toEqual(["Bo: and cake?"]);
  hide(false);
  expect(screen.queryByRole("button", { name: "Show them" }), "asked once").toBeNull();
  stop();
});

test("who says no is not asked again", () => {
  const room = new TestRoom().stands({ meeting: { people } });
  room.draw(<p />);
  const stop = tell(room.room);
  hide(true);
  writes(room, "tea?");
  hide(false);
  fireEvent.click(screen.getByRole("button", { name: "Don't show" }));
  hide(true);
  writes(room, "cake?");
  hide(false);
  expect(screen.queryByRole("button", { name: "Show them" })).toBeNull();
  expect(room.room.prefs.get().notify).toBe("off");
  stop();
});

test("a sound that is off is not heard; switched on, it is heard once to try", () => {
  const room = new TestRoom().stands({ meeting: { people } });
  room.draw(<NoticeRows prefs={room.room.prefs} />);
  const stop = tell(room.room);
  const message = screen.getByRole("switch", { name: "A message in the chat" });
  fireEvent.click(message);
  writes(room, "tea?");
  expect(signal).not.toHaveBeenCalled();
  fireEvent.click(message);
  expect(signal).toHaveBeenCalledWith("message");
  stop();
});
