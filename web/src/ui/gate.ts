/**
 * What has to be answered at the door, before the server is asked to let one in: a consent, a sign-in. A folder
 * `features/<name>/` with a `gate.tsx` that exports `gate: Gate` is found by itself (`routes/gates.tsx`). It comes with
 * the shell, so it has a folder of its own and is small.
 */
import type { ComponentType } from "react";

export interface Gate {
  /** Its folder. */
  name: string;
  /** The lowest is asked first. */
  order: number;
  /** Read when Join is pressed. @param meeting its number */
  isShut(meeting: string): boolean;
  Ask: ComponentType<{ onPass(): void; onBack(): void }>;
}

/** The names of those that are shut, in their order. */
export function shut(gates: readonly Gate[], meeting: string): string[] {
  const ordered = [...gates].sort((a, b) => a.order - b.order);
  return ordered.filter((gate) => gate.isShut(meeting)).map(({ name }) => name);
}
