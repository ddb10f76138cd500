/** The way to other plans, for the organiser of a meeting that comes near its limit. */
import type { Call } from "./call";
import { shapes, type WiderShown } from "./plans";

export type Limit = "minutes" | "people";

/** @returns the address of the page where they may choose one; null: nothing on offer helps, or it isn't theirs to change */
export async function widerPlans(call: Call, meeting: string, limit: Limit): Promise<string | null> {
  const asked = new URLSearchParams({ meeting, limit });
  const answer = await call<WiderShown>("GET", `/api/plans/wider?${asked}`, shapes.WiderShown);
  const org = answer.kind === "ok" ? answer.value.org : null;
  return org === null ? null : `/org/plan?${new URLSearchParams({ org })}`;
}
