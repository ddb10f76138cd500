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
  type OrganisationShown,
  type Overview,
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

export function createOperatorApi(call: Call) {
  const person = (id: string) => `${AT}/people/${encodeURIComponent(id)}`;
  return {
    overview: () => call<Overview>("GET", AT, shapes.Overview),
    people: (like: string) =>
      call<PersonShown[]>("GET", `${AT}/people?like=${encodeURIComponent(like)}`, [shapes.PersonShown]),
    suspend: (id: string, suspended: boolean) =>
      call<null>("PUT", `${person(id)}/suspended`, "nothing", { suspended }),
    appoint: (id: string, operator: boolean) =>
      call<null>("PUT", `${person(id)}/operator`, "nothing", { operator }),
    reset: (id: string) => call<ResetLink>("POST", `${person(id)}/reset`, shapes.ResetLink),
    organisations: (like: string) =>
      call<OrganisationShown[]>("GET", `${AT}/organisations?like=${encodeURIComponent(like)}`, [
        shapes.OrganisationShown,
      ]),
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
    notes: () => call<NoteShown[]>("GET", `${AT}/audit`, [shapes.NoteShown]),
  };
}

export type OperatorApi = ReturnType<typeof createOperatorApi>;
