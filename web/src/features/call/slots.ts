import { useRoom } from "../../ui/room/context";
import type { BarSlot } from "../../ui/room/feature";

const groups = ["say", "see", "host"];

/** What the features put into the bar, left to right. */
export function useSlots(group?: BarSlot["group"]): BarSlot[] {
  return useRoom()
    .features.flatMap(({ bar }) => bar ?? [])
    .filter((slot) => group === undefined || slot.group === group)
    .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.order - b.order);
}
