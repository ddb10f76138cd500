/** Keys of the room, registered by whoever acts on them, so that the list of keys lists what really works. */
import { useEffect, useRef } from "react";

import { type Binding, matches, spell } from "../../core/shortcuts";
import { Store } from "../../core/store";
import { useStore } from "../use-store";

export interface Key {
  id: string;
  /** What it does, in words of the list. */
  label: string;
  bindings: readonly Binding[];
  /** The one region in which it means this; elsewhere the key is left alone. */
  where?: string;
  run(): void;
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

const keys = new Store<readonly Key[]>([]);
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
    .find(({ bindings, where }) => isIn(where) && bindings.some((binding) => matches(press, binding, isMac)));
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
export function useKey({ id, label, bindings, where, run }: Key): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (keys.get().length === 0) addEventListener("keydown", onKeyDown);
    const key: Key = { id, label, bindings, run: () => latest.current() };
    if (where !== undefined) key.where = where;
    keys.update((before) => [...before, key]);
    return () => {
      keys.update((before) => before.filter((other) => other !== key));
      if (keys.get().length === 0) removeEventListener("keydown", onKeyDown);
    };
  }, [id, label, bindings, where]);
}

export function useKeys(): readonly Key[] {
  return useStore(keys);
}

export function spelled(binding: Binding | undefined): string | undefined {
  return binding && spell(binding, isMac);
}
