import type { RoomKey } from "../../ui/room/keys";

export const handKey: RoomKey = {
  id: "hand",
  label: "reactions.hand.key",
  bindings: [{ with: "option", key: "y" }],
};

export const keys: readonly RoomKey[] = [handKey];
