import { act } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { announce } from "../../ui/live";
import { TestRoom } from "../../ui/room/room.testing";

import { KeysDialog } from "./KeysDialog";
import { StageKeys } from "./StageKeys";

vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));
vi.mock("../../ui/live", async (real) => ({ ...(await real()), announce: vi.fn() }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});
beforeEach(() => void vi.mocked(announce).mockClear());

const waiter = (name: string) => ({ id: name, name, at: "", picture: "", marks: [], yes: [] });

function said(waiting: readonly string[]): string {
  const room = new TestRoom().stands({ role: "host", meeting: { waiting: waiting.map(waiter) } });
  const drawn = room.draw(
    <>
      <KeysDialog />
      <StageKeys />
    </>,
  );
  act(() => {
    const press = new KeyboardEvent("keydown", { key: "i", code: "KeyI", altKey: true, bubbles: true });
    // The DOM of these tests takes every Alt for AltGr.
    Object.assign(press, { getModifierState: () => false });
    document.body.dispatchEvent(press);
  });
  drawn.unmount();
  return vi.mocked(announce).mock.calls.at(-1)?.[0] ?? "";
}

test("where one is, is said with who waits at the door; when nobody does, nothing of it", () => {
  expect(said([])).toBe(
    "Physics. Microphone off, camera off. 1 person. The meeting is open. Nobody is talking.",
  );
  expect(said(["Bo"])).toContain("The meeting is open. Bo is waiting to come in. Nobody");
  expect(said(["Bo", "Cai", "Dee"])).toContain("3 people are waiting to come in, Bo longest.");
});
