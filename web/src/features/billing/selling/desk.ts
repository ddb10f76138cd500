/** What the pages of who sells work with, handed in by the routes. */
import { createContext, useContext, useMemo } from "react";

import type { Answer } from "../../../core/api/types";
import type { SellingApi } from "../../../core/api/selling-client";

export interface Organisation {
  id: string;
  name: string;
}

export interface SellingDesk {
  api: SellingApi;
  /** Of those on the server, by parts of the name: a customer to be needn't have anything yet. */
  organisations(like: string): Promise<Answer<{ organisations: Organisation[] }>>;
  /** Of UTC, as on an invoice. */
  today(): string;
  /** A name that nothing had. */
  newId(): string;
  go(path: string): void;
}

export const AT = "/operator/plans";

const Held = createContext<SellingDesk | null>(null);
export const SellingDeskProvider = Held;

export function useSelling(): SellingDesk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}

/** The same for what is said again, though nobody knows whether it was heard; another for what is said otherwise. */
export function useIdOf(said: string): string {
  const { newId } = useSelling();
  // oxlint-disable-next-line react/exhaustive-deps -- what is said is what it is the name of
  return useMemo(newId, [newId, said]);
}
