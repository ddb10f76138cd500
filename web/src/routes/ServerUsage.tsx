import { useMemo } from "react";

import type { Call } from "../core/api/call";
import { createServerUsageApi } from "../core/api/usage-client";
import { useGuard } from "../features/account/StepUp";
import { Usage } from "../features/usage/usage";

import { call } from "./ports";

export function ServerUsage() {
  const guard = useGuard();
  const source = useMemo(() => {
    const guarded: Call = (...request) => guard(() => call(...request));
    const api = createServerUsageApi(guarded);
    return { ...api, ready: async () => (await api.of(null)).kind === "ok" };
  }, [guard]);
  return <Usage source={source} />;
}
