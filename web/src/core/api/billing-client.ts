/** An organisation's plan, over HTTP, by who governs it. */
import {
  type CustomerRequest,
  type CustomerShown,
  type DocumentShown,
  type Elsewhere,
  type PlanPage,
  type PreviewRequest,
  type PreviewShown,
  type StartRequest,
  type ChangeRequest,
  type WayToPayShown,
  shapes,
} from "./billing";
import type { Call } from "./call";

export type * from "./billing";

export function createBillingApi(call: Call) {
  const at = (org: string, ...path: string[]) =>
    ["/api/billing", ...[org, ...path].map(encodeURIComponent)].join("/");
  const decided = (org: string, path: string[], body: unknown, method: "POST" | "PATCH" = "POST") =>
    call<PlanPage>(method, at(org, ...path), shapes.PlanPage, body);
  return {
    page: (org: string) => call<PlanPage>("GET", at(org), shapes.PlanPage),
    preview: (org: string, wanted: PreviewRequest) =>
      call<PreviewShown>("POST", at(org, "preview"), shapes.PreviewShown, wanted),
    start: (org: string, wanted: StartRequest) => decided(org, ["subscription"], wanted),
    change: (org: string, wanted: ChangeRequest) => decided(org, ["subscription"], wanted, "PATCH"),
    cancel: (org: string, reason: string, seen: number) =>
      decided(org, ["subscription", "cancel"], { reason, seen }),
    keep: (org: string, seen: number) => decided(org, ["subscription", "keep"], { seen }),
    accept: (org: string, quote: string, seen: number) => decided(org, ["quotes", quote, "accept"], { seen }),
    sayCustomer: (org: string, wanted: CustomerRequest) =>
      call<CustomerShown>("PUT", at(org, "customer"), shapes.CustomerShown, wanted),
    document: (org: string, number: string) =>
      call<DocumentShown>("GET", at(org, "documents", number), shapes.DocumentShown),
    wayToPay: (org: string) => call<WayToPayShown>("GET", at(org, "way-to-pay"), shapes.WayToPayShown),
    saveWayToPay: (org: string) => call<Elsewhere>("POST", at(org, "way-to-pay"), shapes.Elsewhere),
    manageWaysToPay: (org: string) =>
      call<Elsewhere>("POST", at(org, "way-to-pay", "desk"), shapes.Elsewhere),
    forgetWayToPay: (org: string) => call<undefined>("DELETE", at(org, "way-to-pay"), "nothing"),
    pay: (org: string, number: string) =>
      call<Elsewhere>("POST", at(org, "documents", number, "payment"), shapes.Elsewhere),
    /** Where a browser fetches it. */
    paper: (org: string, number: string, language: string) =>
      `${at(org, "documents", number, "pdf")}?language=${encodeURIComponent(language)}`,
  };
}

export type BillingApi = ReturnType<typeof createBillingApi>;
