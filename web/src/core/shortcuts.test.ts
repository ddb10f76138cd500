import { expect, test } from "vitest";

import { type Binding, type KeyPress, matches, spell } from "./shortcuts";

const mute: Binding = { with: "command", key: "d" };
const chat: Binding = { with: "option", key: "h" };

function press(change: Partial<KeyPress>): KeyPress {
  return {
    key: "d",
    code: "KeyD",
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    shiftKey: false,
    isComposing: false,
    keyCode: 68,
    getModifierState: () => false,
    ...change,
  };
}

test("Ctrl+D on Windows, ⌘D on a Mac, not the other way round", () => {
  expect(matches(press({ ctrlKey: true }), mute, false)).toBe(true);
  expect(matches(press({ metaKey: true }), mute, true)).toBe(true);
  expect(matches(press({ metaKey: true }), mute, false)).toBe(false);
  expect(matches(press({ ctrlKey: true }), mute, true)).toBe(false);
});

test("a letter alone never does anything", () => {
  expect(matches(press({}), mute, false)).toBe(false);
  expect(matches(press({ key: "h", code: "KeyH" }), chat, false)).toBe(false);
});

test("AltGr types letters: Ctrl+Alt is not ours", () => {
  expect(matches(press({ key: "h", code: "KeyH", altKey: true, ctrlKey: true }), chat, false)).toBe(false);
  expect(
    matches(press({ key: "h", code: "KeyH", altKey: true, getModifierState: () => true }), chat, false),
  ).toBe(false);
});

test("a Cyrillic or Chinese layout is found by the place of the key", () => {
  expect(matches(press({ key: "в", ctrlKey: true }), mute, false)).toBe(true);
  expect(matches(press({ key: "˙", code: "KeyH", metaKey: true, ctrlKey: true }), chat, true)).toBe(true);
});

test("a Dvorak layout is found by the letter on the key", () => {
  expect(matches(press({ key: "d", code: "KeyH", ctrlKey: true }), mute, false)).toBe(true);
  expect(matches(press({ key: "e", code: "KeyD", ctrlKey: true }), mute, false)).toBe(false);
});

test("while an input method composes, keys are its own", () => {
  expect(matches(press({ ctrlKey: true, isComposing: true }), mute, false)).toBe(false);
  expect(matches(press({ ctrlKey: true, keyCode: 229 }), mute, false)).toBe(false);
});

test("as people read it", () => {
  expect([spell(mute, false), spell(mute, true), spell(chat, false), spell(chat, true)]).toEqual([
    "Ctrl+D",
    "⌘D",
    "Alt+H",
    "⌃⌘H",
  ]);
  expect(spell({ with: "plain", key: "F2" }, false)).toBe("F2");
});
