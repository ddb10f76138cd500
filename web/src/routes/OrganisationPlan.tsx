import { useMemo } from "react";
import { useLocation } from "wouter";

import { createBillingApi } from "../core/api/billing-client";
import { Plan } from "../features/billing/billing";
import { BillingDeskProvider } from "../features/billing/desk";
import { DocumentPage } from "../features/billing/DocumentPage";

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
  const desk = useMemo(() => ({ api: createBillingApi(call), org, owns, go, leave }), [org, owns, go]);
  return (
    <BillingDeskProvider value={desk}>{item ? <DocumentPage number={item} /> : <Plan />}</BillingDeskProvider>
  );
}
