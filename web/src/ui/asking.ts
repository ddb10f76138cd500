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
