/** How names are shown. A name is one field, in the order its owner wrote it; it is never split or turned round. */

export const avatarColours = [
  "#2f6b3a",
  "#0b6b60",
  "#1f5c8a",
  "#44546a",
  "#6a3a7c",
  "#93305a",
  "#9a3b26",
  "#6f4e1f",
] as const;

/** Control characters and bidi overrides could reorder the text around them. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const han = /^\p{Script=Han}+$/u;

/** The longest name the server takes, in graphemes. */
export const nameLimit = 64;

export function tidyName(name: string): string {
  return name
    .replace(unprintable, "")
    .replace(/[\s\u3000]+/gu, " ")
    .trim();
}

/** Han: the last two characters. Otherwise the first letters of the first and last word. */
export function initials(name: string): string {
  const tidy = tidyName(name);
  if (han.test(tidy.replace(/[\s·]/gu, ""))) return [...tidy].slice(-2).join("");
  const words = tidy.split(" ").filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined) return graphemes(tidy)[0] ?? "";
  const letters = words.length > 1 ? [first, last] : [first];
  return letters.map((word) => (graphemes(word)[0] ?? "").toLocaleUpperCase()).join("");
}

/** The same id gives the same colour on every screen. */
export function avatarColour(id: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return avatarColours[(hash >>> 0) % avatarColours.length] ?? avatarColours[0];
}

export function graphemes(text: string): string[] {
  // Firefox has it since 125; before, a letter with its marks is close enough.
  if (!("Segmenter" in Intl)) return text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
  return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].map((s) => s.segment);
}
