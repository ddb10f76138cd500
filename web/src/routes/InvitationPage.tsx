import { useEffect, useState } from "react";

import { DeskProvider } from "../features/organisation/desk";
import { Invitation } from "../features/organisation/Invitation";
import { useStore } from "../ui/use-store";

import { useOrganisationDesk } from "./OrganisationPage";
import { PageFrame } from "./PageFrame";
import { me } from "./ports";

const KEPT = "folkmoot.invitation";

/** For everybody who has the link. Its secret is kept for this tab, over a sign-in, and leaves the address at once. */
export function InvitationRoute() {
  const desk = useOrganisationDesk();
  const who = useStore(me);
  const [secret] = useState(secretHere);
  useEffect(() => me.ask(), []);
  if (who.at === "unknown") return <PageFrame>{null}</PageFrame>;
  return (
    <PageFrame>
      <DeskProvider value={desk}>
        <Invitation secret={secret} name={who.at === "in" ? who.account.name : null} />
      </DeskProvider>
    </PageFrame>
  );
}

function secretHere(): string {
  const said = location.hash.slice(1);
  try {
    if (said) sessionStorage.setItem(KEPT, said);
    history.replaceState(history.state, "", location.pathname);
    return said || (sessionStorage.getItem(KEPT) ?? "");
  } catch {
    return said;
  }
}
