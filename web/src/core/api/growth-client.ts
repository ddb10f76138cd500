/** The figures of the server's growth, over HTTP, for who runs it. */
import type { Call } from "./call";
import {
  type BookRequest,
  type Brought,
  type EntriesShown,
  type EntriesWanted,
  type EventsBehind,
  type GrowthBooks,
  type GrowthReport,
  type OrganisationsBehind,
  shapes,
} from "./growth";

export type * from "./growth";

const AT = "/api/operator/growth";
/** Of all events of a large book, every month is computed anew. */
const WRITTEN_MS = 600_000;

export function createGrowthApi(call: Call) {
  const book = (name: string) => `${AT}/books/${encodeURIComponent(name)}`;
  const asked = (wish: Record<string, string | number>) => `?${new URLSearchParams(kept(wish))}`;
  return {
    books: () => call<GrowthBooks>("GET", `${AT}/books`, shapes.GrowthBooks),
    report: (name: string, quarter: string) =>
      call<GrowthReport>("GET", book(name) + asked({ quarter }), shapes.GrowthReport),
    change: (name: string, wanted: BookRequest) =>
      call<null>("PATCH", book(name), "nothing", wanted, undefined, WRITTEN_MS),
    organisations: (name: string, figure: string, quarter: string, after: number) =>
      call<OrganisationsBehind>(
        "GET",
        `${book(name)}/behind/${figure}${asked({ quarter, after })}`,
        shapes.OrganisationsBehind,
      ),
    events: (name: string, figure: string, quarter: string, organisation: string, after: number) =>
      call<EventsBehind>(
        "GET",
        `${book(name)}/behind/${figure}/events${asked({ quarter, organisation, after })}`,
        shapes.EventsBehind,
      ),
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
    csv: (name: string, table: string, quarter: string) => `${book(name)}/csv/${table}${asked({ quarter })}`,
    pack: (name: string, quarter: string, language: string) =>
      `${book(name)}/pack${asked({ quarter, language })}`,
  };
}

function kept(wish: Record<string, string | number>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(wish)
      .filter(([, value]) => value !== "" && value !== 0)
      .map(([name, value]) => [name, String(value)]),
  );
}

export type GrowthApi = ReturnType<typeof createGrowthApi>;
