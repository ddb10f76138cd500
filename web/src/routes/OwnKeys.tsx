/** The keys of the room, outside of it: all that any of its features lists, whoever may use them there. */
import { chosenKeys } from "../core/shortcuts";
import { KeyList } from "../features/call/KeyList";
import { asChosen, type RoomKey } from "../ui/room/keys";
import { useStore } from "../ui/use-store";

import { prefs } from "./ports";

const found = import.meta.glob<{ keys: readonly RoomKey[] }>("../features/*/keys.ts", { eager: true });
export const roomKeys: readonly RoomKey[] = Object.values(found).flatMap(({ keys }) => keys);

export function OwnKeys() {
  return <KeyList keys={asChosen(roomKeys, chosenKeys(useStore(prefs).keys))} prefs={prefs} />;
}
