import type { Switch } from "../../core/meeting/policy";

/** What there is to let or refuse. Drawing comes with the whiteboard: what is not built has no switch. */
export const shownSwitches = [
  "unmute",
  "video",
  "share",
  "react",
  "rename",
  "files",
] as const satisfies readonly Switch[];
