/** Everybody's plans and money, over HTTP, for who runs the server. */
import {
  type AllowanceRequest,
  type CorrectionRequest,
  type CustomerPage,
  type CustomersPage,
  type DocumentLooked,
  type Made,
  type MovedPage,
  type PaymentRequest,
  type PlanSaid,
  type PlansShown,
  type QuoteRequest,
  type RateRequest,
  type RateShown,
  type RefundRequest,
  shapes,
} from "./billing";
import type { Call } from "./call";

export type * from "./billing";

const AT = "/api/operator/billing";

/** Which customers are listed; null: all. */
export type CustomersOf = "active" | "trial" | "past_due" | "cancelled" | "contract" | null;

export function createSellingApi(call: Call) {
  const at = (...path: string[]) => [AT, ...path.map(encodeURIComponent)].join("/");
  const done = (method: "PUT" | "POST", path: string, body: unknown) =>
    call<null>(method, path, "nothing", body);
  return {
    plans: () => call<PlansShown>("GET", at("plans"), shapes.PlansShown),
    sayPlan: (plan: PlanSaid) => done("PUT", at("plans"), { plans: [plan] }),
    rates: () => call<RateShown[]>("GET", at("rates"), [shapes.RateShown]),
    sayRate: (country: string, since: string, wanted: RateRequest) =>
      done("PUT", at("rates", country, since), wanted),
    customers: (like: string, of: CustomersOf, after: string | null) =>
      call<CustomersPage>("GET", `${at("customers")}?${sought(like, of, after)}`, shapes.CustomersPage),
    customer: (org: string) => call<CustomerPage>("GET", at("customers", org), shapes.CustomerPage),
    /** Money that came and went, from there on. */
    moved: (org: string, after: string) =>
      call<MovedPage>(
        "GET",
        `${at("customers", org, "moved")}?${String(new URLSearchParams({ after }))}`,
        shapes.MovedPage,
      ),
    offer: (org: string, id: string, wanted: QuoteRequest) =>
      call<CustomerPage>("PUT", at("customers", org, "quotes", id), shapes.CustomerPage, wanted),
    withdraw: (org: string, id: string) =>
      call<CustomerPage>("DELETE", at("customers", org, "quotes", id), shapes.CustomerPage),
    reverseCharge: (org: string, allowed: boolean) =>
      done("PUT", at("customers", org, "reverse-charge"), { allowed }),
    paid: (wanted: PaymentRequest) => done("POST", at("payments"), wanted),
    refund: (org: string, wanted: RefundRequest) => done("POST", at("customers", org, "refunds"), wanted),
    allow: (org: string, wanted: AllowanceRequest) =>
      call<Made>("POST", at("customers", org, "credit-notes"), shapes.Made, wanted),
    correct: (number: string, wanted: CorrectionRequest) =>
      call<Made>("POST", at("documents", number, "credit-notes"), shapes.Made, wanted),
    document: (number: string) => call<DocumentLooked>("GET", at("documents", number), shapes.DocumentLooked),
    /** Where a browser fetches it. */
    paper: (number: string, language: string) =>
      `${at("documents", number, "pdf")}?language=${encodeURIComponent(language)}`,
    books: (format: "events" | "beancount") => `${at("books")}?format=${format}`,
  };
}

function sought(like: string, of: CustomersOf, after: string | null): string {
  return String(
    new URLSearchParams({
      like,
      ...(of === "contract" ? { contract: "true" } : of && { standing: of }),
      ...(after === null ? {} : { after }),
    }),
  );
}

export type SellingApi = ReturnType<typeof createSellingApi>;
