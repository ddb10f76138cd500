/**
 * The two live regions of the page shell, always mounted: a screen reader hears what is written there.
 * Polite sentences are gathered for two seconds and read as one; assertive ones are read at once.
 */
import { Store } from "../core/store";

import { useStore } from "./use-store";

interface Spoken {
  polite: string;
  assertive: string;
}

const MERGE_MS = 2000;

const spoken = new Store<Spoken>({ polite: "", assertive: "" });
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string, how: "polite" | "assertive" = "polite"): void {
  if (how === "assertive") {
    say({ assertive: distinct(text, spoken.get().assertive) });
    return;
  }
  waiting.push(text);
  timer ??= setTimeout(() => {
    const merged = waiting.join(" ");
    waiting = [];
    timer = undefined;
    say({ polite: distinct(merged, spoken.get().polite) });
  }, MERGE_MS);
}

/** The same words twice must still be a change, or nobody hears the second time. */
function distinct(text: string, before: string): string {
  return text === before ? `${text}\u00a0` : text;
}

function say(change: Partial<Spoken>): void {
  spoken.update((before) => ({ ...before, ...change }));
}

export function LiveRegions() {
  const { polite, assertive } = useStore(spoken);
  return (
    <div className="visually-hidden">
      <div aria-live="assertive" aria-atomic="true">
        {assertive}
      </div>
      <div aria-live="polite" aria-atomic="true">
        {polite}
      </div>
    </div>
  );
}
