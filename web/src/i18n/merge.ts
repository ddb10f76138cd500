import type { Messages } from "@lingui/core";

export interface Compiled {
  messages: Messages;
}

/** Ids begin with their feature's name, so catalogs never meet; a test holds that. */
export function merge(modules: Record<string, Compiled>): Messages {
  return Object.assign({}, ...Object.values(modules).map((module) => module.messages)) as Messages;
}
