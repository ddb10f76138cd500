import type { RoomKey } from "../../ui/room/keys";

export const muteAllKey: RoomKey = {
  id: "mute-all",
  label: "host.mute_all",
  bindings: [{ with: "option", key: "m" }],
};

export const keys: readonly RoomKey[] = [muteAllKey];
