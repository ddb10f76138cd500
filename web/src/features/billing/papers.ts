/** Where documents are looked at: by their organisation, or by who runs the server. */
import { createContext, useContext } from "react";

export interface Papers {
  /** The page they are listed on; each is one step below it. */
  at: string;
  /** The word of the way back to it. */
  back: string;
  /** Where a browser fetches one. */
  paper(number: string, language: string): string;
  /** Before one is fetched, where somebody has to show that it is still them. */
  ready?: (() => Promise<boolean>) | undefined;
  go(path: string): void;
}

const Held = createContext<Papers | null>(null);
export const PapersProvider = Held;

export function usePapers(): Papers {
  const papers = useContext(Held);
  if (!papers) throw new Error("no papers");
  return papers;
}
