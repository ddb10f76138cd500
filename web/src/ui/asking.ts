/** What is asked of the server while a page is shown, and what was done and refused. */
import { useCallback, useEffect, useRef, useState } from "react";

import type { Answer, Refusal } from "../core/api/types";

export type Asked<T> =
  { at: "asking" } | { at: "here"; value: T } | { at: "refused"; refusal: Refusal } | { at: "gone" };

/** As it comes in an answer to a whole list, too. */
export type Trouble = { code: string; params: Readonly<Record<string, unknown>> } | "gone";

/** Asks when it is drawn, and when `asks` is another. What is older than the newest question is not listened to. */
export function useAsked<T>(asks: () => Promise<Answer<T>>): [Asked<T>, () => void] {
  const [asked, setAsked] = useState<Asked<T>>({ at: "asking" });
  const newest = useRef(0);
  const ask = useCallback(() => {
    const mine = ++newest.current;
    void (async () => {
      const answer = await asks();
      if (mine === newest.current) setAsked(read(answer));
    })();
  }, [asks]);
  useEffect(ask, [ask]);
  return [asked, ask];
}

function read<T>(answer: Answer<T>): Asked<T> {
  switch (answer.kind) {
    case "ok":
      return { at: "here", value: answer.value };
    case "refused":
      return { at: "refused", refusal: answer.refusal };
    case "unreachable":
      return { at: "gone" };
  }
}

/** A long list, a page at a time. */
export function useListed<P extends { next: string | null }>(
  asks: (after: string | null) => Promise<Answer<P>>,
) {
  const [asked, reload] = useAsked(useCallback(() => asks(null), [asks]));
  return { asked, reload, ...usePaged(asked.at === "here" ? asked.value : null, asks) };
}

/**
 * What comes after a first page, as far as it is asked for. It goes with its first page, when that is another.
 * @param first null: it isn't there yet
 */
export function usePaged<Place, P extends { next: Place | null }>(
  first: P | null,
  asks: (after: Place) => Promise<Answer<P>>,
) {
  const [later, setLater] = useState<{ of: P; pages: readonly P[] } | null>(null);
  const deed = useDeed();
  const pages = first === null ? [] : [first, ...(later?.of === first ? later.pages : [])];
  const next = pages.at(-1)?.next ?? null;

  async function more() {
    if (first === null || next === null) return;
    const done = await deed.run(() => asks(next));
    if (done) setLater({ of: first, pages: [...pages.slice(1), done.value] });
  }

  return { pages, more: next === null ? null : more, busy: deed.busy, trouble: deed.trouble };
}

export interface Deed {
  trouble: Trouble | null;
  busy: boolean;
  /** @returns what the server gave, or undefined where it refused; then `trouble` says why */
  run<T>(asks: () => Promise<Answer<T>>): Promise<{ value: T } | undefined>;
  clear(): void;
}

export function useDeed(): Deed {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState(false);
  async function run<T>(asks: () => Promise<Answer<T>>) {
    setBusy(true);
    const answer = await asks();
    setBusy(false);
    setTrouble(answer.kind === "ok" ? null : answer.kind === "refused" ? answer.refusal : "gone");
    return answer.kind === "ok" ? { value: answer.value } : undefined;
  }
  return { trouble, busy, run, clear: () => setTrouble(null) };
}
