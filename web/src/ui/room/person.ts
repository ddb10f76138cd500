import type { Present } from "../../core/meeting/present";

import { useRoom } from "./context";
import type { PersonAction } from "./feature";

/** What every feature offers to do with a person. The list of features never changes, so hooks keep their order. */
export function usePersonActions(person: Present): PersonAction[] {
  const { features } = useRoom();
  const actions: PersonAction[] = [];
  for (const { usePersonActions: useActions } of features) {
    // oxlint-disable-next-line react/hooks
    actions.push(...(useActions?.(person) ?? []));
  }
  return actions;
}
