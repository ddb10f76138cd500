import { useMemo } from "react";
import { useLocation } from "wouter";

import { createCalendarApi } from "../core/api/calendar-client";
import { Chunk } from "../core/chunk";
import { createOrgsApi } from "../core/api/orgs-client";
import { createOutwardApi } from "../core/api/outward-client";
import type { Answer } from "../core/api/types";
import { formatsOf, teller } from "../core/calendar/when";
import { ownZone } from "../core/calendar/zones";
import { type Coming, type Desk, DeskProvider } from "../features/organisation/desk";
import { Organisation } from "../features/organisation/organisation";
import { Asked, type QuestionsProps } from "../features/organisation/Questions";

import { openCatalog } from "../i18n/i18n";
import { useLocale } from "../i18n/react";
import { Part } from "../ui/Part";

import type { Params } from "./page";
import { call, clock } from "./ports";

/** With the words of the settings, which it is a part of. */
const programs = new Chunk(async () => {
  const [{ OrganisationPrograms }] = await Promise.all([
    import("./OrganisationPrograms"),
    openCatalog("account"),
  ]);
  return OrganisationPrograms;
});

const plan = new Chunk(async () => {
  const [{ OrganisationPlan }] = await Promise.all([import("./OrganisationPlan"), openCatalog("billing")]);
  return OrganisationPlan;
});

const branding = new Chunk(async () => {
  const [{ OrganisationBranding }] = await Promise.all([
    import("./OrganisationBranding"),
    openCatalog("branding"),
  ]);
  return OrganisationBranding;
});

const usage = new Chunk(async () => {
  const [{ OrganisationUsage }] = await Promise.all([import("./OrganisationUsage"), openCatalog("usage")]);
  return OrganisationUsage;
});

const proof = new Chunk(async () => {
  const [{ OrganisationProof }] = await Promise.all([import("./OrganisationProof"), openCatalog("account")]);
  return OrganisationProof;
});

/** What the pages of organisations work with. */
export function useOrganisationDesk(): Desk {
  const [, navigate] = useLocation();
  const locale = useLocale();
  return useMemo(
    () => ({
      api: createOrgsApi(call),
      outward: createOutwardApi(call),
      go: navigate,
      copy: (text) => navigator.clipboard.writeText(text),
      coming: () => comingOf(locale),
      programs: (org) => <Part of={programs} props={{ org }} />,
      plan: (org, owns, item) => <Part of={plan} props={{ org, owns, item }} />,
      branding: (org, called, owns) => <Part of={branding} props={{ org, called, owns }} />,
      usage: (org) => <Part of={usage} props={{ org }} />,
      proof: (onEnd) => <Part of={proof} props={{ onEnd }} />,
    }),
    [navigate, locale],
  );
}

/** What may come along is in nobody's organisation yet. */
async function comingOf(locale: string): Promise<Answer<readonly Coming[]>> {
  const answer = await createCalendarApi(call).owned();
  if (answer.kind !== "ok") return answer;
  const { moment } = teller(formatsOf(locale, navigator.languages), ownZone());
  const inWords = (at: string | null): string => (at === null ? "" : moment(Date.parse(at), clock.now()));
  const mine = answer.value.meetings.filter(({ org }) => org === null);
  return {
    kind: "ok",
    value: mine.map(({ id, title, starts_at: at, repeats }) => ({ id, title, when: inWords(at), repeats })),
  };
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

export function OrganisationRoute({ params: { tab = "people", item } }: { params: Params }) {
  const desk = useOrganisationDesk();
  return (
    <DeskProvider value={desk}>
      <Organisation tab={tab} item={item} />
    </DeskProvider>
  );
}
