import { useMemo } from "react";
import { useLocation } from "wouter";

import { DeskProvider, Settings } from "../features/account/Settings";

import { deskOf } from "./account-desk";
import type { Params } from "./page";

export function SettingsRoute({ params: { tab = "profile" } }: { params: Params }) {
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  return (
    <DeskProvider value={desk}>
      <Settings tab={tab} />
    </DeskProvider>
  );
}
