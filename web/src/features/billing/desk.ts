/** What the pages of a plan work with, handed in by the routes. */
import { createContext, useContext } from "react";

import type { BillingApi, PlanPage } from "../../core/api/billing-client";

export interface BillingDesk {
  api: BillingApi;
  org: string;
  /** Who governs sees; an owner decides. */
  owns: boolean;
  go(path: string): void;
  /** To another site, by somebody's click. */
  leave(address: string): void;
}

const Held = createContext<BillingDesk | null>(null);
export const BillingDeskProvider = Held;

export function useBilling(): BillingDesk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}

/** A page as the server has it now, and how to say that it is another. */
export interface Shown {
  page: PlanPage;
  onChanged(page: PlanPage): void;
}
