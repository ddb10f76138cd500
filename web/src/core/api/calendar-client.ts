/** The calendar over HTTP: what is planned, who is invited, what was kept. The session is a cookie that no script reads. */
import {
  type AnswerShown,
  type AttendanceShown,
  type Board,
  type FeedShown,
  type Held,
  type HeldShown,
  type Imported,
  type Invitation,
  type Occurrence,
  type Planned,
  type Quiet,
  type RingAnswer,
  type Rings,
  type Roll,
  type Template,
  shapes,
} from "./calendar";
import type { Call } from "./call";
import type { Answer } from "./types";

export type {
  AnswerShown,
  AttendanceShown,
  Board,
  Held,
  HeldShown,
  Invitation,
  Occurrence,
  Planned,
  Quiet,
  Roll,
  Template,
};

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
}

export interface Invite {
  to: string;
  name?: string;
  language?: string;
  cohost?: boolean;
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
    call<Planned>(method, ROOT + path, shapes.Planned, body);
  return {
    board: (zone: string) => call<Board>("GET", `${ROOT}?zone=${encodeURIComponent(zone)}`, shapes.Board),
    earlier: (before: string) =>
      call<{ earlier: Held[] }>("GET", `${ROOT}/earlier?before=${encodeURIComponent(before)}`, {
        earlier: [shapes.Held],
      }),
    plan: (wished: Wished & { people?: Invite[]; template?: string }) => planned("POST", "/meetings", wished),
    now: (wished: Wished = {}) => planned("POST", "/now", wished),
    room: () => planned("GET", "/room"),
    changeRoom: (wished: Wished) => planned("PATCH", "/room", wished),

    meeting: (id: string) => planned("GET", of(id)),
    change: (id: string, change: Change) => planned("PATCH", of(id), change),
    cancel: (id: string, scope: Scope, at?: string) => done("DELETE", of(id) + query({ scope, at })),
    answer: (id: string, answer: Reply) => done("PUT", `${of(id)}/answer`, { answer }),
    held: (id: string, n: string) =>
      call<HeldShown>("GET", `${ROOT}${of(id)}/occurrences/${encodeURIComponent(n)}`, shapes.HeldShown),
    attendance: (id: string, n: string) =>
      call<AttendanceShown>(
        "GET",
        `${ROOT}${of(id)}/occurrences/${encodeURIComponent(n)}/attendance`,
        shapes.AttendanceShown,
      ),

    invite: (id: string, people: Invite[]) =>
      call<Invitation[]>("POST", `${ROOT}${of(id)}/people`, [shapes.Invitation], { people }),
    setCohost: (id: string, invitation: string, cohost: boolean) =>
      call<Invitation>("PATCH", ROOT + whom(id, invitation), shapes.Invitation, { cohost }),
    revoke: (id: string, invitation: string) => done("DELETE", whom(id, invitation)),
    renew: (id: string, invitation: string) =>
      call<Invitation>("POST", `${ROOT}${whom(id, invitation)}/renew`, shapes.Invitation),
    ring: (id: string, invitation: string) =>
      call<RingAnswer>("POST", `${ROOT}${whom(id, invitation)}/ring`, shapes.RingAnswer),

    invited: (token: string) =>
      call<AnswerShown>("POST", `${ROOT}/answers/show`, shapes.AnswerShown, { token }),
    reply: (token: string, answer: Reply) =>
      call<AnswerShown>("POST", `${ROOT}/answers`, shapes.AnswerShown, { token, answer }),

    feed: () => call<FeedShown>("GET", `${ROOT}/feed`, shapes.FeedShown),
    renewFeed: () => call<FeedShown>("POST", `${ROOT}/feed/renew`, shapes.FeedShown),
    templates: () => call<Template[]>("GET", `${ROOT}/templates`, [shapes.Template]),
    keepTemplate: (template: Omit<Template, "id">) =>
      call<Template>("POST", `${ROOT}/templates`, shapes.Template, template),
    forgetTemplate: (id: string) => done("DELETE", `/templates/${encodeURIComponent(id)}`),
    rings: (after: string) =>
      call<Rings>("GET", `${ROOT}/rings${query({ after })}`, shapes.Rings, undefined, undefined),
    quiet: () => call<Quiet>("GET", `${ROOT}/quiet`, shapes.Quiet),
    setQuiet: (quiet: Quiet) => call<Quiet>("PUT", `${ROOT}/quiet`, shapes.Quiet, quiet),
  };
}

export type CalendarApi = ReturnType<typeof createCalendarApi>;
export type { Imported };

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
