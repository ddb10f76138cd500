import type { Messages } from "@lingui/core";

import { merge, type Compiled } from "./merge";

const accented = merge(
  import.meta.glob<Compiled>(["../features/*/locales/en-XA.ts", "../ui/locales/en-XA.ts"], { eager: true }),
);

/** Accents come from the compiler; here every sentence grows by the 40 % that a long language would need. */
function stretch(message: Messages[string]): Messages[string] {
  const parts: unknown[] = typeof message === "string" ? [message] : (message as unknown[]);
  const letters = parts.reduce<number>((sum, part) => sum + (typeof part === "string" ? part.length : 12), 0);
  return [...parts, ` ${"~".repeat(Math.ceil(letters * 0.4))}`] as Messages[string];
}

export const catalog: Messages = Object.fromEntries(
  Object.entries(accented).map(([id, message]) => [id, stretch(message)]),
);
