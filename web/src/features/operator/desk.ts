/** What the operator's pages work with, handed in by the routes. */
import { createContext, useContext } from "react";

import type { OperatorApi } from "../../core/api/operator-client";

export interface Desk {
  api: OperatorApi;
  now(): number;
  go(path: string): void;
}

const Held = createContext<Desk | null>(null);
export const DeskProvider = Held;

export function useDesk(): Desk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}
