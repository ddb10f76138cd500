import { expect, test } from "vitest";

import {
  type Binding,
  chosenKeys,
  isTaken,
  type KeyPress,
  matches,
  pressed,
  spell,
  withKey,
} from "./shortcuts";

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

const typed = (key: string, held: Partial<KeyPress> = {}): KeyPress =>
  press({ key, code: /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : key, ...NOTHING_HELD, ...held });
const NOTHING_HELD = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };

test("what one presses becomes a key of one's own, where it types nothing", () => {
  expect(pressed(typed("q", { altKey: true }), false)).toEqual({ with: "option", key: "q" });
  expect(pressed(typed("q", { ctrlKey: true, metaKey: true }), true)).toEqual({ with: "option", key: "q" });
  expect(pressed(typed("F9"), false)).toEqual({ with: "plain", key: "F9" });
  for (const odd of [
    typed("q"),
    typed("q", { ctrlKey: true, altKey: true }),
    typed("Enter", { altKey: true }),
  ])
    expect(pressed(odd, false)).toBeUndefined();
});

test("keys of the browser are left to it", () => {
  const bindings: Binding[] = [
    { with: "command", key: "t" },
    { with: "command", key: "w" },
    { with: "plain", key: "F5" },
    { with: "command", key: "1" },
  ];
  expect(bindings.map(isTaken)).toEqual([true, true, true, true]);
  expect(isTaken({ with: "command", key: "d" })).toBe(false);
});

test("what one chose is remembered, changed and given back; what is damaged loses itself", () => {
  const one = withKey("", "chat", { with: "option", key: "q" });
  const two = withKey(one, "hand", { with: "plain", key: "F9" });
  expect(chosenKeys(two)).toEqual({ chat: { with: "option", key: "q" }, hand: { with: "plain", key: "F9" } });
  expect(withKey(two, "hand", undefined)).toBe(one);
  expect(chosenKeys("chat=nonsense,=,hand=plain F9,{")).toEqual({ hand: { with: "plain", key: "F9" } });
});
