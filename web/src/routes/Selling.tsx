import { useMemo } from "react";
import { useLocation } from "wouter";

import type { Call } from "../core/api/call";
import { createOperatorApi } from "../core/api/operator-client";
import { createSellingApi } from "../core/api/selling-client";
import { useGuard } from "../features/account/StepUp";
import { PapersProvider } from "../features/billing/papers";
import { AT, SellingDeskProvider } from "../features/billing/selling/desk";
import { Selling as Drawn } from "../features/billing/selling/selling";
import type { TabProps } from "../features/operator/operator";
import { useT } from "../i18n/react";

import { call, clock, newSecret } from "./ports";

/** @param item a customer @param part a document of theirs */
export function Selling({ item, part }: TabProps) {
  const t = useT();
  const [, go] = useLocation();
  const guard = useGuard();
  const desk = useMemo(() => {
    const guarded: Call = (...request) => guard(() => call(...request));
    const operating = createOperatorApi(guarded);
    return {
      api: createSellingApi(guarded),
      organisations: (like: string) => operating.organisations(like, null),
      today: () => new Date(clock.now()).toISOString().slice(0, 10),
      newId: () => `page-${newSecret().slice(0, 12)}`,
      go,
    };
  }, [guard, go]);
  const papers = useMemo(
    () => ({
      at: `${AT}/${item ?? ""}`,
      back: t("billing.selling.back.customer"),
      paper: desk.api.paper,
      ready: async () => (await desk.api.rates()).kind === "ok",
      go,
    }),
    [item, t, desk, go],
  );
  return (
    <SellingDeskProvider value={desk}>
      <PapersProvider value={papers}>
        <Drawn org={item} number={part} />
      </PapersProvider>
    </SellingDeskProvider>
  );
}
