/** Keys of the room, registered by whoever acts on them, so that the list of keys lists what really works. */
import { useEffect, useMemo, useRef } from "react";

import { type Binding, chosenKeys, matches, pressed, spell } from "../../core/shortcuts";
import { Store } from "../../core/store";
import { useStore } from "../use-store";

/** What a feature lists as `keys` in its `keys.ts`: there the settings find it, which are in no room. */
export interface RoomKey {
  id: string;
  /** Message id: what it does, in words of the list. */
  label: string;
  bindings: readonly Binding[];
  /** The one region in which it means this; elsewhere the key is left alone. */
  where?: string;
  /** By it one gets about with the keyboard alone: it stays, whatever else is changed. */
  stays?: boolean;
}

interface Key extends RoomKey {
  run(): void;
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const keys = new Store<readonly Key[]>([]);
/** What this person has chosen instead. */
const chosen = new Store<Readonly<Record<string, Binding>>>({});

export function chooseKeys(text: string): void {
  chosen.set(chosenKeys(text));
}

function bindingsOf({ id, bindings }: Pick<Key, "id" | "bindings">): readonly Binding[] {
  const own = chosen.get()[id];
  return own ? [own] : bindings;
}

let areOn = true;

/** Some people's keys belong to a screen reader or a switch: they can do without ours. */
export function turnKeys(on: boolean): void {
  areOn = on;
}

export function keysAreOn(): boolean {
  return areOn;
}

function onKeyDown(press: KeyboardEvent): void {
  if (!areOn) return;
  const key = keys
    .get()
    .find((each) => isIn(each.where) && bindingsOf(each).some((binding) => matches(press, binding, isMac)));
  if (!key) return;
  press.preventDefault();
  if (!press.repeat) key.run();
}

/** With the focus nowhere, a key means what it means on the stage. */
function isIn(where: string | undefined): boolean {
  const focused = document.activeElement;
  return where === undefined || !focused || focused === document.body || isInRegion(focused, where);
}

function isInRegion(element: Element, name: string): boolean {
  return element.closest<HTMLElement>("[data-region]")?.dataset["region"] === name;
}

/** While the component is there, the key does this. */
export function useKey(of: RoomKey, run: () => void): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (keys.get().length === 0) addEventListener("keydown", onKeyDown);
    const key: Key = { ...of, run: () => latest.current() };
    keys.update((before) => [...before, key]);
    return () => {
      keys.update((before) => before.filter((other) => other !== key));
      if (keys.get().length === 0) removeEventListener("keydown", onKeyDown);
    };
  }, [of]);
}

/** All that are there at this moment, as they are for this person. */
export function useKeys(): readonly RoomKey[] {
  const all = useStore(keys);
  const own = useStore(chosen);
  return useMemo(() => asChosen(all, own), [all, own]);
}

export function asChosen(
  all: readonly RoomKey[],
  own: Readonly<Record<string, Binding>>,
): readonly RoomKey[] {
  return all.map((key) => {
    const instead = own[key.id];
    return instead ? { ...key, bindings: [instead] } : key;
  });
}

/** For the tooltip of what a key does. */
export function useSpelled({ id, bindings }: RoomKey): string | undefined {
  const own = useStore(chosen)[id];
  return spelled(own ?? bindings[0]);
}

/** The next keys that are pressed, in place of what they would do. @returns what ends it */
export function captureKeys(done: (binding: Binding | undefined) => void): () => void {
  const listen = (press: KeyboardEvent): void => {
    if (["Control", "Alt", "Meta", "Shift", "AltGraph"].includes(press.key)) return;
    press.preventDefault();
    press.stopPropagation();
    done(press.key === "Escape" ? undefined : (pressed(press, isMac) ?? NONE));
  };
  addEventListener("keydown", listen, { capture: true });
  return () => removeEventListener("keydown", listen, { capture: true });
}

/** What was pressed can't be a key of ours. */
export const NONE: Binding = { with: "plain", key: "" };

export function spelled(binding: Binding | undefined): string | undefined {
  return binding && spell(binding, isMac);
}
