import { act, fireEvent, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { ChatPanel } from "./ChatPanel";
import { feature } from "./room";

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

const people = [
  { id: "me", name: "Me", role: "guest", joinedAt: "" },
  { id: "ann", name: "Ann", role: "owner", joinedAt: "" },
  { id: "bo", name: "Bo", role: "guest", joinedAt: "" },
];
const said = (id: string, by: string, text: string, seq = 1) => ({
  id,
  by,
  text,
  seq,
  at: "2026-11-27T09:00:00Z",
});

function drawn(may: string[], messages: unknown[] = []) {
  const room = new TestRoom([feature]).stands({ may, meeting: { people }, snapshot: { chat: { messages } } });
  room.draw(<ChatPanel />);
  return room;
}

const field = () => screen.queryByRole("textbox");
const write = (text: string) => {
  const box = screen.getByRole("textbox");
  fireEvent.change(box, { target: { value: text } });
  fireEvent.keyDown(box, { key: "Enter" });
};

test("where everybody may write, it goes to everybody", () => {
  const room = drawn(["chat", "chat_hosts"]);
  write("hello");
  expect(room.asked().at(-1)).toMatchObject({ type: "send", payload: { text: "hello" } });
  expect(room.asked().at(-1)?.payload).not.toHaveProperty("to");
});

test("where people write to hosts alone, nothing goes out before one of them is chosen, and nobody else is offered", async () => {
  const room = drawn(["chat_hosts"]);
  const before = room.asked().length;
  write("may I?");
  expect(room.asked()).toHaveLength(before);
  fireEvent.click(screen.getByRole("button", { name: /a host/i }));
  await screen.findByRole("menu");
  expect(screen.getAllByRole("menuitemradio").map(({ textContent }) => textContent)).toEqual(["Ann"]);
  fireEvent.click(screen.getByRole("menuitemradio", { name: "Ann" }));
  write("may I?");
  expect(room.asked().at(-1)).toMatchObject({ payload: { to: "ann" } });
});

test("who may write to nobody has no field, and is told why", () => {
  drawn([]);
  expect(field()).toBeNull();
  expect(screen.getByText("The host turned chat off.")).toBeTruthy();
});

test("a message that a host takes away while one reads is gone", () => {
  const room = drawn(["chat", "chat_hosts"], [said("m1", "bo", "rude"), said("m2", "ann", "well", 2)]);
  expect(screen.getByText("rude")).toBeTruthy();
  room.says({
    event: { seq: 3, at: "", feature: "chat", type: "deleted", by: "ann", payload: { id: "m1" } },
  });
  expect(screen.queryByText("rude")).toBeNull();
  expect(screen.getByText("well")).toBeTruthy();
});

test("one's own can be deleted, another's only by a host", () => {
  drawn(["chat", "chat_hosts"], [said("m1", "bo", "theirs"), said("m2", "me", "mine", 2)]);
  expect(screen.getAllByRole("button", { name: "Delete" })).toHaveLength(1);
});

test("what was refused stands in its own place as not sent, and is sent again when one says so", async () => {
  const room = drawn(["chat", "chat_hosts"]);
  write("hello");
  const [asked] = room.world.socket.sent.slice(-1) as unknown as { do: { id: string } }[];
  await act(async () =>
    room.world.socket.say({ refused: { id: asked?.do.id, code: "meeting.failed", params: {} } }),
  );
  expect(screen.getByRole("alert").textContent).toContain("Not sent");
  const before = room.asked().length;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(room.asked()).toHaveLength(before + 1);
});
