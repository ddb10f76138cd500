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

const field = () => screen.queryByRole("textbox", { name: /^Message/ });
const write = (text: string) => {
  const box = screen.getByRole("textbox", { name: /^Message/ });
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

const options = async (name: RegExp): Promise<string[]> => {
  fireEvent.click(screen.getByRole("button", { name }));
  await screen.findByRole("menu");
  return screen.getAllByRole("menuitem").map(({ textContent }) => textContent ?? "");
};
const choose = (name: string) => fireEvent.click(screen.getByRole("menuitem", { name }));
const answered = (room: TestRoom, with_: "done" | "refused") => {
  const [asked] = room.world.socket.sent.slice(-1) as unknown as { do: { id: string } }[];
  const id = asked?.do.id;
  const answer =
    with_ === "done" ? { done: { id, seq: 9 } } : { refused: { id, code: "meeting.failed", params: {} } };
  return act(async () => room.world.socket.say(answer));
};
const two = [said("m1", "bo", "theirs"), said("m2", "me", "mine", 2)];

test("one's own can be changed and deleted, another's deleted by a host alone", async () => {
  drawn(["chat", "chat_hosts"], two);
  expect(await options(/your message/)).toEqual(["Reply", "Edit", "Delete"]);
});

test("of another's there is the answer, and the signs where one may react", async () => {
  drawn(["chat", "chat_hosts", "react"], two);
  expect((await options(/of/)).slice(-1)).toEqual(["Reply"]);
  expect(screen.getAllByRole("menuitem")).toHaveLength(7);
});

test("a host deletes what others wrote, and changes nothing of it", async () => {
  drawn(["chat", "chat_hosts", "host"], two);
  expect(await options(/of/)).toEqual(["Reply", "Delete"]);
});

test("an answer names what it answers, and shows it until it is sent or given up", async () => {
  const room = drawn(["chat", "chat_hosts"], two);
  await options(/of/);
  choose("Reply");
  expect(screen.getByRole("button", { name: "Don't reply to this message" })).toBeTruthy();
  write("indeed");
  expect(room.asked().at(-1)).toMatchObject({ payload: { text: "indeed", reply_to: "m1" } });
  expect(screen.queryByRole("button", { name: "Don't reply to this message" })).toBeNull();
  write("and more");
  expect(room.asked().at(-1)?.payload).not.toHaveProperty("reply_to");
});

test("a private word is answered where it was said", async () => {
  const room = drawn(["chat", "chat_hosts"], [{ ...said("m1", "bo", "psst"), to: "me" }]);
  await options(/of/);
  choose("Reply");
  write("yes?");
  expect(room.asked().at(-1)).toMatchObject({ payload: { text: "yes?", to: "bo", reply_to: "m1" } });
});

test("what is written anew is asked of the server; refused, the words stay in their field", async () => {
  const room = drawn(["chat", "chat_hosts"], two);
  await options(/your message/);
  choose("Edit");
  const box = screen.getByRole("textbox", { name: "Change what you wrote" });
  fireEvent.change(box, { target: { value: "mine, better" } });
  fireEvent.keyDown(box, { key: "Enter" });
  expect(room.asked().at(-1)).toMatchObject({ type: "edit", payload: { id: "m2", text: "mine, better" } });
  await answered(room, "refused");
  expect((box as HTMLTextAreaElement).value).toBe("mine, better");
  fireEvent.keyDown(box, { key: "Enter" });
  await answered(room, "done");
  expect(screen.queryByRole("textbox", { name: "Change what you wrote" })).toBeNull();
});

test("Escape leaves the words as they were", async () => {
  const room = drawn(["chat", "chat_hosts"], two);
  await options(/your message/);
  choose("Edit");
  const before = room.asked().length;
  fireEvent.keyDown(screen.getByRole("textbox", { name: "Change what you wrote" }), { key: "Escape" });
  expect(screen.getByText("mine")).toBeTruthy();
  expect(room.asked()).toHaveLength(before);
});

test("a sign at a message is pressed to agree, and once more to take it back", () => {
  const room = drawn(["chat", "react"], [{ ...said("m1", "bo", "tea?"), reactions: { bo: "👍", me: "🎉" } }]);
  fireEvent.click(screen.getByRole("button", { name: "👍, 1 (Bo)" }));
  expect(room.asked().at(-1)).toMatchObject({ type: "react", payload: { id: "m1", emoji: "👍" } });
  fireEvent.click(screen.getByRole("button", { name: "🎉, 1 (Me)", pressed: true }));
  expect(room.asked().at(-1)).toMatchObject({ payload: { id: "m1", emoji: null } });
});

test("while one searches, what was found stands alone and is counted", () => {
  drawn(["chat"], [said("m1", "bo", "tea at four"), said("m2", "ann", "well", 2)]);
  const search = screen.getByRole("textbox", { name: "Search the chat" });
  fireEvent.change(search, { target: { value: "TEA" } });
  expect(screen.getByRole("status").textContent).toBe("1 message found");
  expect(screen.queryByText("well")).toBeNull();
  fireEvent.keyDown(search, { key: "Escape" });
  expect(screen.getByText("well")).toBeTruthy();
});

test("an answer to what is gone says so", () => {
  drawn(["chat"], [{ ...said("m2", "ann", "indeed"), reply_to: "m1" }]);
  expect(screen.getByText("This message was deleted.")).toBeTruthy();
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
