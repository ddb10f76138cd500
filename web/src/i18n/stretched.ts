import type { Messages } from "@lingui/core";

/** Accents come from the compiler; here every sentence grows by the 40 % that a long language would need. */
export function stretched(accented: Messages): Messages {
  return Object.fromEntries(Object.entries(accented).map(([id, message]) => [id, stretch(message)]));
}

function stretch(message: Messages[string]): Messages[string] {
  const parts: unknown[] = typeof message === "string" ? [message] : (message as unknown[]);
  const letters = parts.reduce<number>((sum, part) => sum + (typeof part === "string" ? part.length : 12), 0);
  return [...parts, ` ${"~".repeat(Math.ceil(letters * 0.4))}`] as Messages[string];
}
