import type { LineShown } from "../api/branding-client";

/** What is read in this language; where nothing is said in it, what is said in the other. */
export function lineIn(
  locale: string,
  { en, zh }: LineShown,
): { words: string; lang: "en" | "zh-CN" } | null {
  const order = [{ words: en, lang: "en" } as const, { words: zh, lang: "zh-CN" } as const];
  if (locale.startsWith("zh")) order.reverse();
  return order.find(({ words }) => words !== "") ?? null;
}
