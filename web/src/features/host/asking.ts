import { ofSession } from "../../core/meeting/of-session";
import type { Present } from "../../core/meeting/present";
import { Store } from "../../core/store";
import { useSession, useSheet } from "../../ui/room/context";

/** What a host is asked before it is done. The menu that asked has closed when the answer comes. */
export type Asked =
  | { what: "remove"; person: Present }
  | { what: "hand_over"; person: Present }
  | { what: "allow"; person: Present }
  | { what: "report"; person: Present | null }
  | { what: "host_key" };

export const askedAbout = ofSession(() => new Store<Asked | null>(null));

/** The tools make room for what they ask. */
export function useAsk(): (asked: Asked) => void {
  const session = useSession();
  const { setOpen } = useSheet("host");
  return (asked) => {
    setOpen(false);
    askedAbout(session).set(asked);
  };
}
