import type { RoomKey } from "../../ui/room/keys";

export const microphoneKey: RoomKey = {
  id: "microphone",
  label: "call.keys.microphone",
  bindings: [
    { with: "command", key: "d" },
    { with: "option", key: "a" },
  ],
};
export const cameraKey: RoomKey = {
  id: "camera",
  label: "call.keys.camera",
  bindings: [
    { with: "command", key: "e" },
    { with: "option", key: "v" },
  ],
};
export const shareKey: RoomKey = {
  id: "share",
  label: "call.share.label",
  bindings: [{ with: "option", key: "s" }],
};
export const viewKey: RoomKey = {
  id: "view",
  label: "call.keys.view",
  bindings: [{ with: "option", key: "g" }],
};
export const whereKey: RoomKey = {
  id: "where",
  label: "call.keys.where",
  bindings: [{ with: "option", key: "i" }],
};
export const listKey: RoomKey = {
  id: "keys",
  label: "call.keys",
  bindings: [{ with: "command", key: "/" }],
  stays: true,
};
export const barKey: RoomKey = {
  id: "bar",
  label: "call.keys.bar",
  bindings: [{ with: "plain", key: "F2" }],
  stays: true,
};
export const regionKey: RoomKey = {
  id: "regions",
  label: "call.keys.regions",
  bindings: [{ with: "plain", key: "F6" }],
  stays: true,
};
export const regionBackKey: RoomKey = {
  id: "regions-back",
  label: "call.keys.regions_back",
  bindings: [{ with: "shift", key: "F6" }],
  stays: true,
};
export const pageDownKey: RoomKey = {
  id: "page-down",
  label: "call.keys.next_page",
  bindings: [{ with: "plain", key: "PageDown" }],
  where: "stage",
  stays: true,
};
export const pageUpKey: RoomKey = {
  id: "page-up",
  label: "call.keys.previous_page",
  bindings: [{ with: "plain", key: "PageUp" }],
  where: "stage",
  stays: true,
};

export const keys: readonly RoomKey[] = [
  microphoneKey,
  cameraKey,
  shareKey,
  viewKey,
  whereKey,
  listKey,
  barKey,
  regionKey,
  regionBackKey,
  pageDownKey,
  pageUpKey,
];
