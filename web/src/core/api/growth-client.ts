/** The figures of the server's growth, over HTTP, for who runs it. */
import type { Call } from "./call";
import {
  type BookRequest,
  type Brought,
  type EntriesShown,
  type EntriesWanted,
  type EventsBehind,
  type ForecastExplained,
  type GrowthBooks,
  type GrowthReport,
  type OrganisationsBehind,
  shapes,
} from "./growth";

export type * from "./growth";

const AT = "/api/operator/growth";
/** Of all events of a large book, every month is computed anew. */
const WRITTEN_MS = 600_000;

export type Figure =
  | "revenue"
  | "profit"
  | "customers"
  | "over_ten"
  | "large"
  | "mrr"
  | "net"
  | "gross"
  | "left"
  | "met"
  | `mrr_${"new" | "back" | "more" | "less" | "gone"}`
  | `net_${"more" | "less" | "gone"}`
  | "recognised"
  | "contracted"
  | "renewals"
  | "cohort"
  | "reason"
  | "uncounted"
  | `step_${"person" | "host" | "organisation" | "paying" | "large"}`;

export function createGrowthApi(call: Call) {
  const book = (name: string) => `${AT}/books/${encodeURIComponent(name)}`;
  const asked = (wish: Record<string, string | number>) => `?${new URLSearchParams(kept(wish))}`;
  return {
    books: () => call<GrowthBooks>("GET", `${AT}/books`, shapes.GrowthBooks),
    report: (name: string, quarter: string) =>
      call<GrowthReport>("GET", book(name) + asked({ quarter }), shapes.GrowthReport),
    change: (name: string, wanted: BookRequest) =>
      call<null>("PATCH", book(name), "nothing", wanted, undefined, WRITTEN_MS),
    organisations: (name: string, { figure, ...which }: Which, after: number) =>
      call<OrganisationsBehind>(
        "GET",
        `${book(name)}/behind/${figure}${asked({ ...which, after })}`,
        shapes.OrganisationsBehind,
      ),
    events: (name: string, { figure, quarter, of }: Which, organisation: string, after: number) =>
      call<EventsBehind>(
        "GET",
        `${book(name)}/behind/${figure}/events${asked({ quarter, of, organisation, after })}`,
        shapes.EventsBehind,
      ),
    forecast: (name: string, quarter: string) =>
      call<ForecastExplained>("GET", `${book(name)}/forecast${asked({ quarter })}`, shapes.ForecastExplained),
    entries: (name: string) => call<EntriesShown>("GET", `${book(name)}/entries`, shapes.EntriesShown),
    enter: (name: string, wanted: EntriesWanted) =>
      call<Brought>("POST", `${book(name)}/entries`, shapes.Brought, wanted, undefined, WRITTEN_MS),
    takeBack: (name: string, id: string) =>
      call<null>(
        "DELETE",
        `${book(name)}/entries/${encodeURIComponent(id)}`,
        "nothing",
        undefined,
        undefined,
        WRITTEN_MS,
      ),
    bring: (name: string, file: Blob, currency: string) =>
      call<Brought>(
        "POST",
        `${book(name)}/events${asked({ currency })}`,
        shapes.Brought,
        file,
        undefined,
        WRITTEN_MS,
      ),
    demo: () => call<null>("POST", `${AT}/demo`, "nothing"),
    own: () => call<null>("POST", `${AT}/own`, "nothing"),
    csv: (name: string, table: string, quarter: string, which: { of?: string; began?: string } = {}) =>
      `${book(name)}/csv/${table}${asked({ quarter, ...which })}`,
    pack: (name: string, quarter: string, language: string) =>
      `${book(name)}/pack${asked({ quarter, language })}`,
  };
}

/** Of which figure, and what of it: a reason, a currency; customers that began then. */
export interface Which {
  figure: Figure;
  quarter: string;
  of: string;
  began: string;
}

function kept(wish: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wish)
      .filter(([, value]) => value !== "" && value !== 0)
      .map(([name, value]) => [name, String(value)]),
  );
}

export type GrowthApi = ReturnType<typeof createGrowthApi>;
