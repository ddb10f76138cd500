import { useMemo } from "react";

import { createUsageApi } from "../core/api/usage-client";
import { Usage } from "../features/usage/usage";

import { call } from "./ports";

export function OrganisationUsage({ org }: { org: string }) {
  const source = useMemo(() => {
    const api = createUsageApi(call);
    return {
      of: (month: string | null) => api.of(org, month),
      table: (month: string) => api.table(org, month),
    };
  }, [org]);
  return <Usage source={source} />;
}
