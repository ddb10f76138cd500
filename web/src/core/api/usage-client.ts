/** How much is met, over HTTP: of an organisation, for who looks after it; of the server, for who runs it. */
import type { Call } from "./call";
import type { Answer } from "./types";
import { type OwnUsage, type ServerUsage, shapes } from "./usage";

export type * from "./usage";

export function createUsageApi(call: Call) {
  const at = (org: string, table: string, month: string | null) =>
    `/api/usage/${encodeURIComponent(org)}${table}${month === null ? "" : `?month=${month}`}`;
  return {
    /** Without a month of the one it is now, by the server's clock. */
    of: (org: string, month: string | null): Promise<Answer<OwnUsage>> =>
      call<OwnUsage>("GET", at(org, "", month), shapes.OwnUsage),
    table: (org: string, month: string) => at(org, "/table", month),
  };
}

export type UsageApi = ReturnType<typeof createUsageApi>;

export function createServerUsageApi(call: Call) {
  const at = (table: string, month: string | null) =>
    `/api/operator/usage${table}${month === null ? "" : `?month=${month}`}`;
  return {
    of: (month: string | null): Promise<Answer<ServerUsage>> =>
      call<ServerUsage>("GET", at("", month), shapes.ServerUsage),
    table: (month: string) => at("/table", month),
  };
}

export type ServerUsageApi = ReturnType<typeof createServerUsageApi>;
