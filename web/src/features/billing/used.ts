/** How much of a plan is used, and where it gets close. Pure. */
import type { PlanPage } from "../../core/api/billing-client";
import type { OwnUsage } from "../../core/api/usage-client";

export interface Used {
  what: "seats" | "people" | "at_once" | "minutes";
  /** null: that isn't known. */
  used: number | null;
  /** null: as many as one likes. */
  most: number | null;
  /** Close to it, at it, or beyond. */
  isNear: boolean;
}

const NEAR = 0.9;

/** In the order in which somebody meets them. @param usage null: it isn't known yet */
export function usedOf(
  page: Pick<PlanPage, "plan" | "subscription" | "people">,
  usage: OwnUsage | null,
): Used[] {
  const { plan, subscription, people } = page;
  const rows = [
    ["people", usage?.peak ?? null, plan.people],
    ["at_once", usage?.at_once ?? null, plan.at_once],
    ["minutes", usage?.longest ?? null, plan.minutes],
  ] as const;
  const seats = subscription ? ([["seats", people, subscription.terms.seats]] as const) : [];
  return [...seats, ...rows].map(([what, used, most]) => ({
    what,
    used,
    most,
    isNear: near(what, used, most),
  }));
}

/** All seats are taken in many an organisation, and nothing comes of it; of more people than seats something does. */
function near(what: Used["what"], used: number | null, most: number | null): boolean {
  if (used === null || most === null) return false;
  return what === "seats" ? used > most : used >= NEAR * most;
}

/** Of a bar, in percent. */
export const filled = ({ used, most }: Used): number =>
  most === null || used === null ? 0 : Math.min(100, (100 * used) / most);
