import { useRoom } from "../../ui/room/context";
import type { BarSlot } from "../../ui/room/feature";

/** What the features put into the bar, left to right. */
export function useSlots(group?: BarSlot["group"]): BarSlot[] {
  return useRoom()
    .features.flatMap(({ bar }) => bar ?? [])
    .filter((slot) => group === undefined || slot.group === group)
    .sort((a, b) => a.order - b.order);
}
