import { useMemo } from "react";
import { useLocation } from "wouter";

import type { AccountShown } from "../core/api/accounts";
import { DeskProvider } from "../features/account/desk";
import { SignedOut } from "../features/account/SignedOut";

import { deskOf } from "./account-desk";

export function SignedOutRoute({ onIn }: { onIn(account: AccountShown): void }) {
  const [, navigate] = useLocation();
  const desk = useMemo(() => deskOf(navigate), [navigate]);
  return (
    <DeskProvider value={desk}>
      <SignedOut onIn={onIn} />
    </DeskProvider>
  );
}
