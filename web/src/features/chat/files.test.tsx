import { act, fireEvent, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

import type { FilesApi, Parcel } from "../../core/api/files-client";
import type { Answer } from "../../core/api/types";
import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { ChatPanel } from "./ChatPanel";
import { watchDrops } from "./dropping";
import { feature } from "./room";

const server = vi.hoisted(() => ({
  allowance: { kind: "ok", value: { most: 1_000_000, left: 1_000_000 } } as unknown,
  brought: [] as { parcel: unknown; end: (answer: unknown) => void; sent: (part: number) => void }[],
  cancelled: 0,
}));
vi.mock("../../core/devices/meter", () => ({ startMeter: () => () => undefined }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));
vi.mock("../../core/preview", async (load) => ({ ...(await load()), previewOf: async () => undefined }));
vi.mock("../../core/api/files-client", () => ({
  createFilesApi: (): FilesApi => ({
    allowance: async () => server.allowance as Answer<{ most: number; left: number }>,
    bring(parcel: Parcel, sent) {
      let end: (answer: unknown) => void = () => undefined;
      const done = new Promise<Answer<null>>((resolve) => (end = resolve as typeof end));
      server.brought.push({ parcel, end, sent });
      return { done, cancel: () => void (server.cancelled += 1) };
    },
    fetch: async () => ({ kind: "unreachable" }),
  }),
}));

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
  server.allowance = { kind: "ok", value: { most: 1_000_000, left: 1_000_000 } };
  server.brought = [];
  server.cancelled = 0;
});

const notes = (size = 5, name = "notes.txt") => new File(["x".repeat(size)], name, { type: "text/plain" });

function drawn(may: string[] = ["chat", "chat_hosts", "files"], messages: unknown[] = []) {
  const people = [{ id: "me", name: "Me", role: "guest", joinedAt: "" }];
  const room = new TestRoom([feature]).stands({ may, meeting: { people }, snapshot: { chat: { messages } } });
  const { container } = room.draw(<ChatPanel />);
  return { room, container };
}
const input = (container: HTMLElement) => container.querySelector("input[type=file]") as HTMLInputElement;
function choose(container: HTMLElement, ...files: File[]): void {
  const picker = input(container);
  Object.defineProperty(picker, "files", { value: files, configurable: true });
  fireEvent.change(picker);
}
const settle = () => act(async () => void (await new Promise((done) => setTimeout(done))));
async function sendIt(): Promise<void> {
  fireEvent.click(screen.getByRole("button", { name: "Send" }));
  await settle();
}

test("a chosen file is looked at before it is sent, and can be taken back", async () => {
  const { container } = drawn();
  choose(container, notes(), notes(5, "photo.jpg"));
  expect(screen.getByRole("list", { name: "Files to send" }).children).toHaveLength(2);
  fireEvent.click(screen.getByRole("button", { name: "Don't send photo.jpg" }));
  await sendIt();
  expect(server.brought.map(({ parcel }) => (parcel as Parcel).name)).toEqual(["notes.txt"]);
});

test("files go one after the other, so that they stand as they were chosen", async () => {
  const { container } = drawn();
  choose(container, notes(5, "a.txt"), notes(5, "b.txt"), notes(5, "c.txt"));
  await sendIt();
  expect(server.brought).toHaveLength(1);
  const [, second] = screen.getAllByRole("button", { name: "Cancel" });
  if (second) fireEvent.click(second);
  await act(async () => server.brought[0]?.end({ kind: "ok", value: null }));
  await settle();
  expect(
    server.brought.map(({ parcel }) => (parcel as Parcel).name),
    "what was given up is left out",
  ).toEqual(["a.txt", "c.txt"]);
});

test("on its way it says how far it is, and is ended by one press", async () => {
  const { container } = drawn();
  choose(container, notes());
  await sendIt();
  act(() => server.brought[0]?.sent(0.42));
  expect(screen.getByRole("progressbar", { name: "Sending notes.txt" }).getAttribute("value")).toBe("42");
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(server.cancelled).toBe(1);
  expect(screen.queryByText("notes.txt")).toBeNull();
});

test("when its message comes before the answer to the upload it stands there once", async () => {
  const { room, container } = drawn();
  choose(container, notes(), notes(5, "b.txt"));
  await sendIt();
  act(() => server.brought[0]?.sent(1));
  const file = { id: "f1", name: "notes.txt", type: "text/plain", size: 5 };
  const payload = { id: "m1", text: "", file };
  room.says({ event: { seq: 2, at: "9999-01-01", feature: "chat", type: "sent", by: "me", payload } });
  expect(screen.getAllByText("notes.txt")).toHaveLength(1);
  expect(screen.getAllByRole("progressbar"), "the other one is still on its way").toHaveLength(1);
  const refusal = { code: "files.no_room", params: {} };
  await act(async () => server.brought[0]?.end({ kind: "refused", refusal }));
  expect(screen.getByRole("alert").textContent, "of one that is like it").toContain(
    "the server's disk is full",
  );
});

test.each([
  [
    { code: "files.no_room", params: {} },
    "Not sent: the server's disk is full. Nothing else is lost; the call goes on.",
  ],
  [{ code: "meeting.not_allowed", params: {} }, "The host doesn't allow files here."],
  [{ code: "never.heard_of", params: {} }, "Not sent"],
])(
  "what the server refuses is said in words, and tried again with the same command (%#)",
  async (refusal, words) => {
    const { container } = drawn();
    choose(container, notes());
    await sendIt();
    await act(async () => server.brought[0]?.end({ kind: "refused", refusal }));
    expect(screen.getByRole("alert").textContent).toContain(words);
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await settle();
    const [first, second] = server.brought.map(({ parcel }) => (parcel as Parcel).command);
    expect(second).toBe(first);
  },
);

test.each([
  [notes(2_000_000), "notes.txt is larger than 1 MB."],
  [notes(0), "Not sent: there is nothing in notes.txt."],
])("what can't be taken isn't begun (%#)", async (file, words) => {
  const { container } = drawn();
  choose(container, file);
  await sendIt();
  expect(screen.getByRole("alert").textContent).toContain(words);
  expect(server.brought).toEqual([]);
});

const paste = (text: string) =>
  fireEvent.paste(screen.getByRole("textbox", { name: "Message" }), {
    clipboardData: { files: [], getData: () => text },
  });

test("a megabyte that is pasted becomes a file; a few words are words", async () => {
  drawn();
  paste("a few words");
  expect(screen.queryByRole("list", { name: "Files to send" })).toBeNull();
  paste("x".repeat(1_000_000));
  expect(screen.getByText("text.txt")).toBeTruthy();
  expect((screen.getByRole("textbox", { name: "Message" }) as HTMLTextAreaElement).value).toBe("");
});

test("where the host allows no files there is nothing to choose them by, and words go on", () => {
  const { container } = drawn(["chat", "chat_hosts"]);
  expect(screen.queryByRole("button", { name: "Add files" })).toBeNull();
  expect(input(container)).toBeNull();
});

test("what is held over the page and let go of is never opened in its place", () => {
  const page = new EventTarget();
  const seen: unknown[] = [];
  const end = watchDrops(page, { over: (is) => seen.push(is), dropped: (files) => seen.push(files.length) });
  const held = (type: string, types: string[]): boolean => {
    const event = new Event(type, { cancelable: true });
    return page.dispatchEvent(
      Object.assign(event, { dataTransfer: { types, files: [notes()] }, relatedTarget: null }),
    );
  };
  expect(held("dragover", ["text/plain"]), "words may be dragged into a field").toBe(true);
  expect([held("dragover", ["Files"]), held("drop", ["Files"])]).toEqual([false, false]);
  expect(seen).toEqual([true, false, 1]);
  end();
});

test("a file that came stands by its name, and nothing of it is drawn as a page", async () => {
  const file = { id: "f1", name: "<img src=x onerror=alert(1)>.svg", type: "image/svg+xml", size: 1400 };
  const message = { id: "m1", by: "bo", name: "Bo", text: "", seq: 1, at: "2026-11-27T09:00:00Z" };
  const { container } = drawn(undefined, [{ ...message, file }]);
  expect(screen.getByRole("button", { name: /^Save <img .*svg ?1.4 kB$/ })).toBeTruthy();
  expect(container.querySelector("img, iframe, object, embed")).toBeNull();
  await settle();
});
