import type { ReactNode } from "react";

import type { Prefs, PrefsStore } from "../core/prefs/prefs";

import { Switch } from "./Switch";
import { useSelected } from "./use-store";

type Choice = { [Key in keyof Prefs]: Prefs[Key] extends boolean ? Key : never }[keyof Prefs];

export interface PrefSwitchProps {
  prefs: PrefsStore;
  of: Choice;
  children: ReactNode;
}

/** One of the choices that this device remembers: in the room, before it and in the settings it is the same switch. */
export function PrefSwitch({ prefs, of, children }: PrefSwitchProps) {
  const on = useSelected(prefs, (all: Prefs) => all[of]);
  return (
    <Switch isSelected={on} onChange={(wanted) => prefs.set({ [of]: wanted })}>
      {children}
    </Switch>
  );
}
