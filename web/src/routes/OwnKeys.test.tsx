import { act, fireEvent, render, screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import { type Binding, written } from "../core/shortcuts";
import { activate, i18n, openCatalog } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import { OwnKeys, roomKeys } from "./OwnKeys";
import { prefs } from "./ports";

const draw = () =>
  render(
    <LanguageProvider>
      <OwnKeys />
    </LanguageProvider>,
  );
const said = () => screen.getByRole("status").textContent;

function change(what: string, key: string): void {
  fireEvent.click(screen.getByRole("button", { name: `Change the keys for: ${what}` }));
  act(() => {
    const press = new KeyboardEvent("keydown", { key, code: `Key${key.toUpperCase()}`, altKey: true });
    // The DOM of these tests takes every Alt for AltGr.
    dispatchEvent(Object.assign(press, { getModifierState: () => false }));
  });
}

beforeEach(async () => {
  prefs.set({ keys: "" });
  await activate("en");
  await openCatalog("room");
});

it("all that a feature listens for is there, once, and is called something in both languages", async () => {
  const ids = roomKeys.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(["microphone", "camera", "chat", "people", "hand", "mute-all"]));
  const all: Binding[] = roomKeys.flatMap(({ bindings }) => bindings);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(all.map(written)).size).toBe(all.length);
  for (const language of ["en", "zh-CN"] as const) {
    await activate(language);
    for (const { label } of roomKeys) expect(i18n._(label), label).not.toBe(label);
  }
});

it("outside of any meeting a key is changed for the next one, what is taken is named, and all can be set back", () => {
  draw();
  change("Start or stop video", "h");
  expect(said()).toMatch(/^Alt\+H is taken: .+\. Change that one first\.$/);
  expect(prefs.get().keys).toBe("");
  change("Start or stop video", "q");
  expect(said()).toBe("Alt+Q now does this: Start or stop video.");
  expect(prefs.get().keys).toBe("camera=option q");
  change("Mute or unmute", "q");
  expect(said()).toBe("Alt+Q is taken: Start or stop video. Change that one first.");
  fireEvent.click(screen.getByRole("button", { name: "Set all keys back" }));
  expect(said()).toBe("All keys are as they were.");
  expect(prefs.get().keys).toBe("");
});
