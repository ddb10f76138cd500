import type { RoomKey } from "../../ui/room/keys";

export const chatKey: RoomKey = {
  id: "chat",
  label: "chat.title",
  bindings: [{ with: "option", key: "h" }],
};

export const keys: readonly RoomKey[] = [chatKey];
