/**
 * Keys of the meeting. Pure matching: no one-letter keys, no Ctrl+Alt (it is AltGr), no key of an input
 * method, and the letter is found on layouts that are not Latin.
 */
import { isImeKey } from "./keyboard";

/** `command`: Ctrl, on a Mac ⌘. `option`: Alt, on a Mac ⌃⌘. `plain`, `shift`: only for keys that type nothing. */
export interface Binding {
  with: "command" | "option" | "plain" | "shift";
  /** A Latin letter in lower case, `/`, or the name of a key that types nothing, such as `F2` or `PageDown`. */
  key: string;
}

export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
  getModifierState(name: string): boolean;
}

export function matches(press: KeyPress, binding: Binding, isMac: boolean): boolean {
  if (isImeKey(press) || press.getModifierState("AltGraph")) return false;
  if (press.shiftKey !== (binding.with === "shift")) return false;
  return holds(press, binding.with, isMac) && letterOf(press) === binding.key;
}

function holds({ ctrlKey, altKey, metaKey }: KeyPress, modifier: Binding["with"], isMac: boolean): boolean {
  switch (modifier) {
    case "command":
      return isMac ? metaKey && !ctrlKey && !altKey : ctrlKey && !altKey && !metaKey;
    case "option":
      return isMac ? metaKey && ctrlKey && !altKey : altKey && !ctrlKey && !metaKey;
    case "plain":
    case "shift":
      return !ctrlKey && !altKey && !metaKey;
  }
}

/** The Latin letter of a key, by its face when that is Latin, else by its place. */
function letterOf({ key, code }: KeyPress): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  if (/^Key[A-Z]$/.test(code)) return code.slice(3).toLowerCase();
  if (code === "Slash") return "/";
  return key;
}

/** As people read it: Ctrl+D, ⌘D. */
export function spell({ with: modifier, key }: Binding, isMac: boolean): string {
  const face = key.length === 1 ? key.toUpperCase() : key;
  if (modifier === "plain") return face;
  if (modifier === "shift") return isMac ? `⇧${face}` : `Shift+${face}`;
  if (isMac) return `${modifier === "command" ? "⌘" : "⌃⌘"}${face}`;
  return `${modifier === "command" ? "Ctrl" : "Alt"}+${face}`;
}

/** What was pressed, as a binding; none for what types a letter, or is only held. */
export function pressed(press: KeyPress, isMac: boolean): Binding | undefined {
  if (isImeKey(press) || press.getModifierState("AltGraph") || press.shiftKey) return undefined;
  const key = letterOf(press);
  const modifier = (["command", "option"] as const).find((each) => holds(press, each, isMac));
  if (modifier) return /^(?:[a-z0-9/]|F\d{1,2})$/.test(key) ? { with: modifier, key } : undefined;
  return holds(press, "plain", isMac) && /^F\d{1,2}$/.test(key) ? { with: "plain", key } : undefined;
}

/** Browsers keep these for themselves, or people need them: a page must not take them. */
const TAKEN = new Set([
  ..."cfhlnoprtuvwxyzk".split("").map((key) => `command ${key}`),
  "option d",
  "option f",
]);
const KEPT = /^(?:command \d|plain F(?:1|3|5|7|10|11|12)|command F\d+|option F4)$/;

export function isTaken(binding: Binding): boolean {
  const said = written(binding);
  return TAKEN.has(said) || KEPT.test(said);
}

export function written({ with: modifier, key }: Binding): string {
  return `${modifier} ${key}`;
}

/** What this person chose, by the id of what it does. What can't be read is as it was. */
export function chosenKeys(text: string): Readonly<Record<string, Binding>> {
  return Object.fromEntries(
    text.split(",").flatMap((each) => {
      const [, id, modifier, key] = /^([\w-]+)=(command|option|plain) (\S+)$/.exec(each) ?? [];
      return id && key ? [[id, { with: modifier as Binding["with"], key }]] : [];
    }),
  );
}

export function withKey(text: string, id: string, binding: Binding | undefined): string {
  const { [id]: _, ...others } = chosenKeys(text);
  return Object.entries(binding ? { ...others, [id]: binding } : others)
    .map(([each, chosen]) => `${each}=${written(chosen)}`)
    .join(",");
}
