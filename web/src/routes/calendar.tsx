/** The pages of the calendar, handed the browser. The form lies over the list, and each comes when it is wanted. */
import { type ReactNode, useMemo, useState } from "react";
import { useLocation, useSearch } from "wouter";

import { Chunk } from "../core/chunk";
import { type AnswerShown, createCalendarApi, type Reply } from "../core/api/calendar-client";
import { createOrgsApi } from "../core/api/orgs-client";
import { running } from "../core/api/plans-client";
import { createBoard } from "../core/calendar/board";
import { ownZone } from "../core/calendar/zones";
import { AnswerPage } from "../features/meetings/AnswerPage";
import { Calendar, type CalendarPorts } from "../features/meetings/calendar";
import { Dashboard } from "../features/meetings/Dashboard";
import { HeldPage } from "../features/meetings/HeldPage";
import { MeetingPage } from "../features/meetings/MeetingPage";
import { JoinForm } from "../features/home/Home";
import { useT } from "../i18n/react";
import { Dialog } from "../ui/Dialog";
import { Part } from "../ui/Part";

import { AskedByOrganisations } from "./AskedByOrganisations";
import type { Params } from "./page";
import { PageFrame } from "./PageFrame";
import { call, clock, me, wayIn } from "./ports";
import { Beside } from "./worn";

const api = createCalendarApi(call);
const orgs = createOrgsApi(call);
const zone = ownZone();
/** Whose list it is; another account begins with nothing. */
let board = createBoard(api, zone);
me.subscribe(() => {
  if (me.get().at === "out") board = createBoard(api, zone);
});

const form = new Chunk(async () => (await import("../features/meetings/PlanPage")).PlanPage);

/** What isn't answered finds nobody: addresses are typed all the same. */
async function colleagues(typed: string) {
  const answer = await orgs.colleagues(typed);
  if (answer.kind !== "ok") return [];
  return answer.value.map(({ account, name, address }) => ({
    id: account,
    word: name,
    hint: address ?? undefined,
  }));
}

function Ported({ children }: { children: ReactNode }) {
  const [, navigate] = useLocation();
  const ports = useMemo(
    (): CalendarPorts => ({
      api,
      board,
      colleagues,
      go: navigate,
      plans: async () => (await running(call))?.plans ?? null,
      now: clock.now,
      zone,
      languages: navigator.languages,
    }),
    [navigate],
  );
  return <Calendar ports={ports}>{children}</Calendar>;
}

function List() {
  const t = useT();
  const [, navigate] = useLocation();
  const [joining, setJoining] = useState(false);
  return (
    <>
      <AskedByOrganisations />
      <Dashboard onJoin={() => setJoining(true)} />
      <Dialog title={t("meetings.join.title")} hasCross isOpen={joining} onOpenChange={setJoining}>
        <JoinForm origin={location.origin} onJoin={(invitation) => navigate(wayIn(invitation))} />
      </Dialog>
    </>
  );
}

/** `/` of who is signed in. */
export function DashboardRoute() {
  return (
    <Ported>
      <List />
    </Ported>
  );
}

/** `/meetings/new` and `/meetings/:id/edit` */
export function PlanRoute({ params: { id } }: { params: Params }) {
  const [, navigate] = useLocation();
  const at = new URLSearchParams(useSearch()).get("at") ?? undefined;
  return (
    <Ported>
      <List />
      <Part
        of={form}
        props={{
          id,
          at,
          onClose: () => navigate(id === undefined ? "/" : `/meetings/${id}`),
        }}
      />
    </Ported>
  );
}

/** `/meetings/:id`, one of its series by `?at=`, one that took place by `?n=` */
export function MeetingRoute({ params: { id = "" } }: { params: Params }) {
  const search = new URLSearchParams(useSearch());
  const n = search.get("n");
  return (
    <Ported>
      {n === null ? (
        <MeetingPage key={id} id={id} at={search.get("at") ?? undefined} />
      ) : (
        <HeldPage key={`${id} ${n}`} id={id} n={n} />
      )}
    </Ported>
  );
}

const replies: readonly string[] = ["yes", "no", "maybe"] satisfies Reply[];

/** `/answer#t=…&a=yes`: the secret is in what no server is sent. */
export function AnswerRoute() {
  const hash = useMemo(() => new URLSearchParams(location.hash.slice(1)), []);
  const pressed = hash.get("a") ?? "";
  const [branding, setBranding] = useState<AnswerShown["branding"]>(null);
  return (
    <PageFrame mark={branding && <Beside branding={branding} />}>
      <Ported>
        <AnswerPage
          token={hash.get("t") ?? ""}
          onShown={(shown) => setBranding(shown.branding)}
          pressed={replies.includes(pressed) ? (pressed as Reply) : undefined}
        />
      </Ported>
    </PageFrame>
  );
}
