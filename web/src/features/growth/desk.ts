/** What the growth page works with, handed in by the routes. */
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";

import type { GrowthApi } from "../../core/api/growth-client";
import type { Answer } from "../../core/api/types";

export interface Desk {
  api: GrowthApi;
  /** The way out where somebody may not be here. */
  go(path: string): void;
}

const Held = createContext<Desk | null>(null);
export const DeskProvider = Held;

export function useDesk(): Desk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}

/** Asks when `asks` is another, and when told to. Only the newest answer counts; the last good one stays in sight meanwhile. */
export function useAsked<T>(asks: () => Promise<Answer<T>>) {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const [good, setGood] = useState<T | null>(null);
  const newest = useRef(0);
  const ask = useCallback(() => {
    const mine = ++newest.current;
    return (async () => {
      const found = await asks();
      if (mine !== newest.current) return;
      setAnswer(found);
      if (found.kind === "ok") setGood(found.value);
    })();
  }, [asks]);
  useEffect(() => {
    void ask();
  }, [ask]);
  return { answer, value: good, ask };
}
