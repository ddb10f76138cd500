import { type ComponentType, lazy, useMemo } from "react";
import { useLocation } from "wouter";

import type { Call } from "../core/api/call";
import { createGrowthApi } from "../core/api/growth-client";
import { createOperatorApi } from "../core/api/operator-client";
import { Chunk } from "../core/chunk";
import { DeskProvider as AccountDeskProvider } from "../features/account/desk";
import { StepUp, useGuard } from "../features/account/StepUp";
import { DeskProvider as GrowthDeskProvider } from "../features/growth/desk";
import { DeskProvider, Operator, type TabProps } from "../features/operator/operator";
import { openCatalog } from "../i18n/i18n";

import { deskOf } from "./account-desk";
import type { Params } from "./page";
import { call, clock } from "./ports";

/** Fetched with its words when somebody looks at it. */
const parts = {
  plans: new Chunk(async () => {
    const [{ Selling }] = await Promise.all([import("./Selling"), openCatalog("billing")]);
    return Selling;
  }),
  usage: new Chunk(async () => {
    const [{ ServerUsage }] = await Promise.all([import("./ServerUsage"), openCatalog("usage")]);
    return ServerUsage;
  }),
  growth: new Chunk(async () => {
    const [{ Growth }] = await Promise.all([import("../features/growth/growth"), openCatalog("growth")]);
    return Growth;
  }),
};
const tabOf = (part: Chunk<ComponentType<TabProps>>) => lazy(async () => ({ default: await part.fetch() }));
const also = [
  { id: "plans", Tab: tabOf(parts.plans), headed: true },
  { id: "usage", Tab: tabOf(parts.usage), headed: true },
  { id: "growth", Tab: tabOf(parts.growth) },
];

/** What an address shows comes beside the answer who one is, not after it. */
export function fetchAhead(path: string): void {
  new Map<string | undefined, Chunk<unknown>>(Object.entries(parts)).get(path.split("/")[2])?.preload();
}

/** Whoever was not there in the last ten minutes is asked who they are, once, over the page. */
export function OperatorRoute({ params: { tab = "overview", item, part } }: { params: Params }) {
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  return (
    <AccountDeskProvider value={desk}>
      <StepUp>
        <Guarded tab={tab} item={item} part={part} go={navigate} />
      </StepUp>
    </AccountDeskProvider>
  );
}

function Guarded({ tab, item, part, go }: { tab: string; go(path: string): void } & TabProps) {
  const guard = useGuard();
  const desk = useMemo(() => {
    const guarded: Call = (...request) => guard(() => call(...request));
    return { api: createOperatorApi(guarded), growth: createGrowthApi(guarded), now: clock.now, go };
  }, [guard, go]);
  const growing = useMemo(() => ({ api: desk.growth, go }), [desk, go]);
  return (
    <DeskProvider value={desk}>
      <GrowthDeskProvider value={growing}>
        <Operator tab={tab} item={item} part={part} also={also} />
      </GrowthDeskProvider>
    </DeskProvider>
  );
}
