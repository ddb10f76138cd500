import { expect, it } from "vitest";

import type { PlanPage } from "../../core/api/billing-client";
import type { OwnUsage } from "../../core/api/usage-client";

import { filled, usedOf } from "./used";

const plan = { people: 100, at_once: 20, minutes: null } as PlanPage["plan"];
const subscription = { terms: { seats: 42 } } as PlanPage["subscription"];
const usage = { peak: 96, at_once: 5, longest: 130 } as OwnUsage;

it("says what is used beside what the plan allows, and where it gets close", () => {
  expect(usedOf({ plan, subscription, people: 42 }, usage)).toEqual([
    { what: "seats", used: 42, most: 42, isNear: false },
    { what: "people", used: 96, most: 100, isNear: true },
    { what: "at_once", used: 5, most: 20, isNear: false },
    { what: "minutes", used: 130, most: null, isNear: false },
  ]);
  expect(usedOf({ plan, subscription, people: 43 }, usage)[0]?.isNear).toBe(true);
});

it("without a subscription there are no seats, and what isn't known is close to nothing", () => {
  const rows = usedOf({ plan, subscription: null, people: 3 }, { ...usage, at_once: null });
  expect(rows.map(({ what }) => what)).toEqual(["people", "at_once", "minutes"]);
  expect(usedOf({ plan, subscription: null, people: 3 }, null).some(({ isNear }) => isNear)).toBe(false);
});

it("a bar is never longer than what it stands on", () => {
  const rows = usedOf({ plan, subscription, people: 84 }, usage);
  expect(rows.map(filled)).toEqual([100, 96, 25, 0]);
});
