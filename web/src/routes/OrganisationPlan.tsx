import { useMemo } from "react";
import { useLocation } from "wouter";

import { createBillingApi } from "../core/api/billing-client";
import { createUsageApi } from "../core/api/usage-client";
import { Plan } from "../features/billing/billing";
import { BillingDeskProvider } from "../features/billing/desk";
import { DocumentPage } from "../features/billing/DocumentPage";
import { PapersProvider } from "../features/billing/papers";
import { useT } from "../i18n/react";

import { call } from "./ports";

export interface OrganisationPlanProps {
  org: string;
  owns: boolean;
  /** The number of an invoice that is looked at. */
  item: string | undefined;
}

const leave = (address: string) => location.assign(address);

export function OrganisationPlan({ org, owns, item }: OrganisationPlanProps) {
  const [, go] = useLocation();
  const t = useT();
  const desk = useMemo(() => {
    const usage = () => createUsageApi(call).of(org, null);
    return { api: createBillingApi(call), org, usage, owns, go, leave };
  }, [org, owns, go]);
  const papers = useMemo(
    () => ({
      at: "/org/plan",
      back: t("billing.back"),
      paper: (number: string, language: string) => desk.api.paper(org, number, language),
      go,
    }),
    [t, desk, org, go],
  );
  return (
    <BillingDeskProvider value={desk}>
      <PapersProvider value={papers}>{item ? <DocumentPage number={item} /> : <Plan />}</PapersProvider>
    </BillingDeskProvider>
  );
}
