/**
 * The two live regions of the page shell, always mounted: a screen reader hears what is written there.
 * Polite sentences are gathered for two seconds and read as one; assertive ones are read at once. What was read goes again:
 * somebody who walks through the page by ear would find it below everything else, and a message that was taken back meanwhile.
 */
import { Store } from "../core/store";

import { useStore } from "./use-store";

interface Spoken {
  polite: string;
  assertive: string;
}

const MERGE_MS = 2000;
const STAYS_MS = 7000;
/** Nobody listens to a flood: of what came in these seconds the last is read. */
const MOST_MERGED = 12;

const spoken = new Store<Spoken>({ polite: "", assertive: "" });
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
const going: Partial<Record<keyof Spoken, ReturnType<typeof setTimeout>>> = {};

export function announce(text: string, how: "polite" | "assertive" = "polite"): void {
  if (how === "assertive") {
    say("assertive", text);
    return;
  }
  waiting = [...waiting.slice(1 - MOST_MERGED), text];
  timer ??= setTimeout(() => {
    const merged = waiting.join(" ");
    waiting = [];
    timer = undefined;
    say("polite", merged);
  }, MERGE_MS);
}

/** The same words twice must still be a change, or nobody hears the second time. */
function distinct(text: string, before: string): string {
  return text === before ? `${text}\u00a0` : text;
}

function say(how: keyof Spoken, text: string): void {
  clearTimeout(going[how]);
  spoken.update((before) => ({ ...before, [how]: distinct(text, before[how]) }));
  going[how] = setTimeout(() => spoken.update((before) => ({ ...before, [how]: "" })), STAYS_MS);
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
