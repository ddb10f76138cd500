import type { RoomKey } from "../../ui/room/keys";

export const peopleKey: RoomKey = {
  id: "people",
  label: "people.title",
  bindings: [{ with: "option", key: "u" }],
};

export const keys: readonly RoomKey[] = [peopleKey];
