/** Between which plans somebody chooses. Pure. */
import type { PlanPage, PlanShown } from "../../core/api/billing-client";

/** What costs something and is on offer; and the one they have, though nobody new gets it. */
export function plansOf(page: Pick<PlanPage, "offered" | "plan" | "subscription">): PlanShown[] {
  const offered = page.offered.filter(({ prices }) => prices.length > 0);
  const held = page.subscription?.terms.plan;
  const isThere = held === undefined || offered.some(({ id }) => id === held);
  return isThere || page.plan.id !== held ? offered : [page.plan, ...offered];
}
