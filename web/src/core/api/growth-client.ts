/** The figures of the server's growth, over HTTP, for who runs it. */
import type { Call } from "./call";
import {
  type BookRequest,
  type EventsBehind,
  type GrowthBooks,
  type GrowthReport,
  type OrganisationsBehind,
  shapes,
} from "./growth";

export type * from "./growth";

const AT = "/api/operator/growth";

export function createGrowthApi(call: Call) {
  const book = (name: string) => `${AT}/books/${encodeURIComponent(name)}`;
  const asked = (wish: Record<string, string | number>) => `?${new URLSearchParams(kept(wish))}`;
  return {
    books: () => call<GrowthBooks>("GET", `${AT}/books`, shapes.GrowthBooks),
    report: (name: string, quarter: string) =>
      call<GrowthReport>("GET", book(name) + asked({ quarter }), shapes.GrowthReport),
    change: (name: string, wanted: BookRequest) => call<null>("PATCH", book(name), "nothing", wanted),
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
