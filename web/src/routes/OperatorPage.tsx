import { useMemo } from "react";
import { useLocation } from "wouter";

import type { Call } from "../core/api/call";
import { createOperatorApi } from "../core/api/operator-client";
import { DeskProvider as AccountDeskProvider } from "../features/account/desk";
import { StepUp, useGuard } from "../features/account/StepUp";
import { DeskProvider, Operator } from "../features/operator/operator";

import { deskOf } from "./account-desk";
import type { Params } from "./page";
import { call, clock } from "./ports";

/** Whoever was not there in the last ten minutes is asked who they are, once, over the page. */
export function OperatorRoute({ params: { tab = "overview" } }: { params: Params }) {
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  return (
    <AccountDeskProvider value={desk}>
      <StepUp>
        <Guarded tab={tab} go={navigate} />
      </StepUp>
    </AccountDeskProvider>
  );
}

function Guarded({ tab, go }: { tab: string; go(path: string): void }) {
  const guard = useGuard();
  const desk = useMemo(() => {
    const guarded: Call = (...request) => guard(() => call(...request));
    return { api: createOperatorApi(guarded), now: clock.now, go };
  }, [guard, go]);
  return (
    <DeskProvider value={desk}>
      <Operator tab={tab} />
    </DeskProvider>
  );
}
