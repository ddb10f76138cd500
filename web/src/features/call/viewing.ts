/** What this person has chosen to see of the stage, for one stay. */
import { type Viewing, viewingAtFirst } from "../../core/layout/viewing";
import { ofSession } from "../../core/meeting/of-session";
import { Store } from "../../core/store";
import { useSession, useStore } from "../../ui/room/context";

const viewingOf = ofSession(() => new Store<Viewing>(viewingAtFirst));

export function useViewing(): Viewing {
  return useStore(viewingOf(useSession()));
}

export function useChangeViewing(): (change: Partial<Viewing>) => void {
  const viewing = viewingOf(useSession());
  return (change) => viewing.update((before) => ({ ...before, ...change }));
}
