import { expect, it } from "vitest";

import type { PlanShown, SubscriptionShown } from "../../core/api/billing-client";

import { plansOf } from "./choices";

const plan = (id: string, amount = 600) =>
  ({ id, prices: amount ? [{ period: "month", amount, currency: "EUR" }] : [] }) as unknown as PlanShown;
const holding = (id: string) => ({ terms: { plan: id } }) as unknown as SubscriptionShown;
const names = (page: Parameters<typeof plansOf>[0]) => plansOf(page).map(({ id }) => id);

it("offers what costs something", () => {
  expect(
    names({ offered: [plan("free", 0), plan("team")], plan: plan("free", 0), subscription: null }),
  ).toEqual(["team"]);
});

it("keeps the plan of who has it in their choice when nobody new gets it", () => {
  const page = { offered: [plan("team")], plan: plan("old"), subscription: holding("old") };
  expect(names(page)).toEqual(["old", "team"]);
});

it("names each plan once", () => {
  expect(names({ offered: [plan("team")], plan: plan("team"), subscription: holding("team") })).toEqual([
    "team",
  ]);
});
