import type { Binding } from "../../core/shortcuts";

export const microphoneKeys: readonly Binding[] = [
  { with: "command", key: "d" },
  { with: "option", key: "a" },
];
export const cameraKeys: readonly Binding[] = [
  { with: "command", key: "e" },
  { with: "option", key: "v" },
];
export const shareKeys: readonly Binding[] = [{ with: "option", key: "s" }];
export const viewKeys: readonly Binding[] = [{ with: "option", key: "g" }];
export const whereKeys: readonly Binding[] = [{ with: "option", key: "i" }];
export const listKeys: readonly Binding[] = [{ with: "command", key: "/" }];
export const barKeys: readonly Binding[] = [{ with: "plain", key: "F2" }];
export const regionKeys: readonly Binding[] = [{ with: "plain", key: "F6" }];
export const regionBackKeys: readonly Binding[] = [{ with: "shift", key: "F6" }];
