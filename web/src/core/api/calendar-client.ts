/** The calendar over HTTP: what is planned, who is invited, what was kept. The session is a cookie that no script reads. */
import {
  type AddressShown,
  type AskedShown,
  type CameShown,
  type DashboardShown,
  type EarlierShown,
  type HandedShown,
  type HeirShown,
  type HeirsShown,
  type HeldShown,
  type InvitationShown,
  type InviteRequest,
  type KeptShown,
  type OccurrenceShown,
  type OwnedShown,
  type OwnShown,
  type PlannedShown,
  type QuietShown,
  type RingShown,
  type RingsShown,
  type RollShown,
  type RulesShown,
  type RungShown,
  type TakenShown,
  type TemplateShown,
  shapes,
} from "./calendar";
import type { Call } from "./call";
import type { Answer } from "./types";

export type {
  AskedShown as AnswerShown,
  CameShown as Came,
  DashboardShown as Board,
  HandedShown as Handed,
  HeldShown as Held,
  InvitationShown as Invitation,
  KeptShown as Kept,
  OccurrenceShown as Occurrence,
  OwnShown as Own,
  PlannedShown as Planned,
  QuietShown as Quiet,
  RingShown as Ring,
  RollShown as Roll,
  TakenShown as Taken,
  TemplateShown as Template,
};
export type Invite = InviteRequest;

export type Reply = "yes" | "no" | "maybe";

/** Which of a series a change is for. */
export type Scope = "all" | "this" | "following";

/** What a planner sets, as it is asked for; what is left out stays as it is. */
export interface Wished {
  title?: string;
  notes?: string;
  starts?: string;
  minutes?: number;
  time_zone?: string;
  rrule?: string | null;
  preset?: string;
  waiting_room?: "off" | "guests" | "everyone";
  who?: "link" | "signed_in" | "invited";
  early_minutes?: number;
  capacity?: number | null;
  attendance?: boolean;
  by_number?: boolean;
}

export interface Change extends Wished {
  scope: Scope;
  at?: string;
}

type Done = Promise<Answer<null>>;

const ROOT = "/api/calendar";

export function createCalendarApi(call: Call) {
  const done = (method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Done =>
    call(method, ROOT + path, "nothing", body);
  const planned = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) =>
    call<PlannedShown>(method, ROOT + path, shapes.PlannedShown, body);
  return {
    board: (zone: string) =>
      call<DashboardShown>("GET", `${ROOT}?zone=${encodeURIComponent(zone)}`, shapes.DashboardShown),
    earlier: (before: string) =>
      call<EarlierShown>("GET", `${ROOT}/earlier?before=${encodeURIComponent(before)}`, shapes.EarlierShown),
    plan: (wished: Wished & { people?: Invite[]; template?: string }) => planned("POST", "/meetings", wished),
    now: (wished: Wished = {}) => planned("POST", "/now", wished),
    room: () => planned("GET", "/room"),
    changeRoom: (wished: Wished) => planned("PATCH", "/room", wished),

    meeting: (id: string) => planned("GET", of(id)),
    change: (id: string, change: Change) => planned("PATCH", of(id), change),
    cancel: (id: string, scope: Scope, at?: string) => done("DELETE", of(id) + query({ scope, at })),
    answerHanded: (id: string, keep: boolean) =>
      call<PlannedShown>("PUT", `${ROOT}${of(id)}/handed`, shapes.PlannedShown, { keep }),
    answer: (id: string, answer: Reply) => done("PUT", `${of(id)}/answer`, { answer }),
    held: (id: string, n: string) =>
      call<KeptShown>("GET", `${ROOT}${of(id)}/occurrences/${encodeURIComponent(n)}`, shapes.KeptShown),
    attendance: (id: string, n: string) =>
      call<RollShown>(
        "GET",
        `${ROOT}${of(id)}/occurrences/${encodeURIComponent(n)}/attendance`,
        shapes.RollShown,
      ),

    invite: (id: string, people: Invite[]) =>
      call<InvitationShown[]>("POST", `${ROOT}${of(id)}/people`, [shapes.InvitationShown], { people }),
    setCohost: (id: string, invitation: string, cohost: boolean) =>
      call<InvitationShown>("PATCH", ROOT + whom(id, invitation), shapes.InvitationShown, { cohost }),
    revoke: (id: string, invitation: string) => done("DELETE", whom(id, invitation)),
    passOn: (id: string, invitation: string) =>
      call<PlannedShown>("POST", `${ROOT}${whom(id, invitation)}/owner`, shapes.PlannedShown),
    renew: (id: string, invitation: string) =>
      call<InvitationShown>("POST", `${ROOT}${whom(id, invitation)}/renew`, shapes.InvitationShown),
    ring: (id: string, invitation: string) =>
      call<RungShown>("POST", `${ROOT}${whom(id, invitation)}/ring`, shapes.RungShown),

    invited: (token: string) =>
      call<AskedShown>("POST", `${ROOT}/answers/show`, shapes.AskedShown, { token }),
    reply: (token: string, answer: Reply) =>
      call<AskedShown>("POST", `${ROOT}/answers`, shapes.AskedShown, { token, answer }),

    /** In the room its number is what is known of it. */
    byNumber: (number: string) => planned("GET", `/numbers/${encodeURIComponent(number)}`),
    /** J8. Whether there is such a meeting is not said. */
    ask: (number: string) => done("POST", "/ask", { number }),
    rules: () => call<RulesShown>("GET", `${ROOT}/rules`, shapes.RulesShown),
    takeIn: (file: Blob) => call<TakenShown>("POST", `${ROOT}/import`, shapes.TakenShown, file),
    owned: () => call<OwnedShown>("GET", `${ROOT}/owned`, shapes.OwnedShown),
    heirs: () => call<HeirsShown>("GET", `${ROOT}/heir`, shapes.HeirsShown),
    nameHeir: (heir: string | null) => call<HeirShown>("PUT", `${ROOT}/heir`, shapes.HeirShown, { heir }),

    feed: () => call<AddressShown>("GET", `${ROOT}/feed`, shapes.AddressShown),
    renewFeed: () => call<AddressShown>("POST", `${ROOT}/feed/renew`, shapes.AddressShown),
    templates: () => call<TemplateShown[]>("GET", `${ROOT}/templates`, [shapes.TemplateShown]),
    keepTemplate: (template: Omit<TemplateShown, "id">) =>
      call<TemplateShown>("POST", `${ROOT}/templates`, shapes.TemplateShown, template),
    forgetTemplate: (id: string) => done("DELETE", `/templates/${encodeURIComponent(id)}`),
    /** Waits for the next; ask with a call that has the time. */
    rings: (after: number) =>
      call<RingsShown>("GET", `${ROOT}/rings${query({ after: String(after) })}`, shapes.RingsShown),
    quiet: () => call<QuietShown>("GET", `${ROOT}/quiet`, shapes.QuietShown),
    setQuiet: ({ from, to, mail }: QuietShown) =>
      call<QuietShown>("PUT", `${ROOT}/quiet`, shapes.QuietShown, { from, to, mail }),
  };
}

export type CalendarApi = ReturnType<typeof createCalendarApi>;

function of(id: string): string {
  return `/meetings/${encodeURIComponent(id)}`;
}

function whom(id: string, invitation: string): string {
  return `${of(id)}/people/${encodeURIComponent(invitation)}`;
}

function query(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

/** A meeting as a file for another calendar: an address, because a browser saves what it is led to. */
export function fileOf(id: string): string {
  return `${ROOT}${of(id)}/file.ics`;
}

export function attendanceFileOf(id: string, n: string): string {
  return `${ROOT}${of(id)}/occurrences/${encodeURIComponent(n)}/attendance.csv`;
}
