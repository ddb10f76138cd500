import { useMemo } from "react";
import { useLocation } from "wouter";

import { useAsked } from "../features/account/asked";
import { DeskProvider } from "../features/account/desk";
import { Asking } from "../features/account/StepUp";

import { deskOf } from "./account-desk";

/** Whoever does what is an owner's proves who they are as for their own account. */
export function OrganisationProof({ onEnd }: { onEnd(proven: boolean): void }) {
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  const [ways] = useAsked(desk.api.ways);
  return (
    ways && (
      <DeskProvider value={desk}>
        <Asking ways={ways} onEnd={onEnd} />
      </DeskProvider>
    )
  );
}
