import { useMemo } from "react";
import { useLocation } from "wouter";

import { createWebhooksApi } from "../core/api/webhooks-client";
import { DeskProvider } from "../features/account/desk";
import { Webhooks } from "../features/account/Webhooks";

import { deskOf } from "./account-desk";
import { call } from "./ports";

/** An organisation's webhooks look and act as one's own. */
export function OrganisationPrograms({ org }: { org: string }) {
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  const api = useMemo(() => createWebhooksApi(call, org), [org]);
  return (
    <DeskProvider value={desk}>
      <Webhooks api={api} />
    </DeskProvider>
  );
}
