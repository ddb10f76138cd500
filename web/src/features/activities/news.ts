import { useCallback, useSyncExternalStore } from "react";

import { useSession } from "../../ui/room/context";
import type { ActivitySlot } from "../../ui/room/feature";

/** Whether something in any of these waits for this person. */
export function useNews(activities: readonly ActivitySlot[]): boolean {
  const session = useSession();
  const subscribe = useCallback(
    (changed: () => void) => {
      const stops = activities.map(({ newsOf }) => newsOf?.(session).subscribe(changed));
      return () => {
        for (const stop of stops) stop?.();
      };
    },
    [activities, session],
  );
  return useSyncExternalStore(subscribe, () =>
    activities.some(({ newsOf }) => newsOf?.(session).get() ?? false),
  );
}
