/** What who runs the server sees and decides, over HTTP. */
import type { Call } from "./call";
import {
  type AnnouncementRequest,
  type AnnouncementShown,
  type CertificateShown,
  type CheckShown,
  type ChoicesRequest,
  type ChoicesShown,
  type MailTried,
  type NoteShown,
  type NotesPage,
  type OrganisationShown,
  type OrganisationsPage,
  type Overview,
  type PeoplePage,
  type PersonShown,
  type ResetLink,
  type StorageShown,
  shapes,
} from "./operator";

export type {
  AnnouncementShown,
  CertificateShown,
  CheckShown,
  ChoicesShown,
  NoteShown,
  OrganisationShown,
  Overview,
  PersonShown,
  StorageShown,
};

const AT = "/api/operator";

function sought(like: string, after: string | null): string {
  return String(new URLSearchParams({ like, ...(after === null ? {} : { after }) }));
}

export function createOperatorApi(call: Call) {
  const person = (id: string) => `${AT}/people/${encodeURIComponent(id)}`;
  return {
    overview: () => call<Overview>("GET", AT, shapes.Overview),
    people: (like: string, after: string | null) =>
      call<PeoplePage>("GET", `${AT}/people?${sought(like, after)}`, shapes.PeoplePage),
    suspend: (id: string, suspended: boolean) =>
      call<null>("PUT", `${person(id)}/suspended`, "nothing", { suspended }),
    appoint: (id: string, operator: boolean) =>
      call<null>("PUT", `${person(id)}/operator`, "nothing", { operator }),
    reset: (id: string) => call<ResetLink>("POST", `${person(id)}/reset`, shapes.ResetLink),
    organisations: (like: string, after: string | null) =>
      call<OrganisationsPage>("GET", `${AT}/organisations?${sought(like, after)}`, shapes.OrganisationsPage),
    storage: () => call<StorageShown>("GET", `${AT}/storage`, shapes.StorageShown),
    checks: () => call<CheckShown[]>("GET", `${AT}/checks`, [shapes.CheckShown]),
    tryMail: () => call<MailTried>("POST", `${AT}/mail-test`, shapes.MailTried),
    choices: () => call<ChoicesShown>("GET", `${AT}/choices`, shapes.ChoicesShown),
    choose: (wanted: ChoicesRequest) =>
      call<ChoicesShown>("PATCH", `${AT}/choices`, shapes.ChoicesShown, wanted),
    announcements: () => call<AnnouncementShown[]>("GET", `${AT}/announcements`, [shapes.AnnouncementShown]),
    announce: (wanted: AnnouncementRequest) =>
      call<AnnouncementShown>("POST", `${AT}/announcements`, shapes.AnnouncementShown, wanted),
    unannounce: (id: string) =>
      call<null>("DELETE", `${AT}/announcements/${encodeURIComponent(id)}`, "nothing"),
    notes: (before: number | null) =>
      call<NotesPage>("GET", `${AT}/audit${before === null ? "" : `?before=${before}`}`, shapes.NotesPage),
  };
}

export type OperatorApi = ReturnType<typeof createOperatorApi>;
