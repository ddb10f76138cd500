/** What the pages of a plan work with, handed in by the routes. */
import { createContext, useContext } from "react";

import type { BillingApi, PlanPage } from "../../core/api/billing-client";
import type { Answer } from "../../core/api/types";
import type { OwnUsage } from "../../core/api/usage-client";
import { useDeed } from "../../ui/asking";

export interface BillingDesk {
  api: BillingApi;
  org: string;
  /** What it met this month. */
  usage(): Promise<Answer<OwnUsage>>;
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
  /** Somebody else changed it: it is shown as it is now, and who decides looks at it again. */
  again(): Promise<void>;
}

/** What an owner says of what they saw. Where another owner was faster, what they did is shown, and nothing is said. */
export function useDecision({ onChanged, again }: Pick<Shown, "onChanged" | "again">) {
  const deed = useDeed();
  async function decide(asks: () => Promise<Answer<PlanPage>>): Promise<boolean> {
    const done = await deed.run(async () => {
      const answer = await asks();
      if (answer.kind === "refused" && overtaken.has(answer.refusal.code)) await again();
      return answer;
    });
    if (done) onChanged(done.value);
    return done !== undefined;
  }
  return { decide, trouble: deed.trouble, busy: deed.busy };
}

/** What can only be refused of a page that isn't as it was. */
const overtaken = new Set([
  "billing.changed_meanwhile",
  "billing.subscribed",
  "billing.no_subscription",
  "billing.nothing_to_come",
]);
