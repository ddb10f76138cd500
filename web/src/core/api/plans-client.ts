/** The way to other plans, for the organiser of a meeting that comes near its limit. */
import type { Call } from "./call";
import { type RunningShown, shapes, type WiderShown } from "./plans";

export type Limit = "minutes" | "people";

/** @returns the address of the page where they may choose one; null: nothing on offer helps, or it isn't theirs to change */
export async function widerPlans(call: Call, meeting: string, limit: Limit): Promise<string | null> {
  const asked = new URLSearchParams({ meeting, limit });
  const answer = await call<WiderShown>("GET", `/api/plans/wider?${asked}`, shapes.WiderShown);
  return pathOf(answer.kind === "ok" ? answer.value.org : null);
}

/** What takes the places where somebody's own meetings count. */
export interface Running {
  mine: RunningShown["mine"];
  others: number;
  /** Where they may choose another plan; null as above. */
  plans: string | null;
}

/** @returns null: the server can't be asked, or it isn't known who asks */
export async function running(call: Call): Promise<Running | null> {
  const answer = await call<RunningShown>("GET", "/api/plans/running", shapes.RunningShown);
  if (answer.kind !== "ok") return null;
  const { mine, others, org } = answer.value;
  return { mine, others, plans: pathOf(org) };
}

function pathOf(org: string | null): string | null {
  return org === null ? null : `/org/plan?${new URLSearchParams({ org })}`;
}
