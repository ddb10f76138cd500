import { useMemo } from "react";
import { useLocation } from "wouter";

import { createOrgsApi } from "../core/api/orgs-client";
import { type Desk, DeskProvider } from "../features/organisation/desk";
import { Organisation } from "../features/organisation/organisation";
import { Asked, type QuestionsProps } from "../features/organisation/Questions";

import type { Params } from "./page";
import { call } from "./ports";

/** What the pages of organisations work with. */
export function useOrganisationDesk(): Desk {
  const [, navigate] = useLocation();
  return useMemo(
    () => ({
      api: createOrgsApi(call),
      go: navigate,
      copy: (text) => navigator.clipboard.writeText(text),
    }),
    [navigate],
  );
}

/** Over the dashboard (`AskedByOrganisations`). */
export function QuestionsRoute(props: QuestionsProps) {
  const desk = useOrganisationDesk();
  return (
    <DeskProvider value={desk}>
      <Asked {...props} />
    </DeskProvider>
  );
}

export function OrganisationRoute({ params: { tab = "people" } }: { params: Params }) {
  const desk = useOrganisationDesk();
  return (
    <DeskProvider value={desk}>
      <Organisation tab={tab} />
    </DeskProvider>
  );
}
