/**
 * Addresses in what people write. Law: only http and https become links, never with a user's name before the host
 * (`https://bank.example@elsewhere.example`), and a link is exactly the words that are shown. Pure.
 */
export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string };

/** Ends at white space, at marks of Chinese and Japanese writing, at quotes, and at what turns the direction round. */
const address =
  /(?<![\p{L}\p{N}_])https?:\/\/[^\s<>"`\u200e\u200f\u202a-\u202e\u2066-\u2069\u3000-\u303f\uff00-\uffef「」『』“”‘’«»]+/giu;
const closing: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const link = trimmed(match[0]);
    if (!leadsSomewhere(link)) continue;
    if (match.index > from) found.push({ kind: "text", text: text.slice(from, match.index) });
    found.push({ kind: "link", text: link });
    from = match.index + link.length;
  }
  if (from < text.length) found.push({ kind: "text", text: text.slice(from) });
  return found;
}

/** A full stop, and a bracket that was opened before the address, belong to the sentence. */
function trimmed(link: string): string {
  let end = link.length;
  while (end > 0 && isOfTheSentence(link.slice(0, end))) end -= 1;
  return link.slice(0, end);
}

function isOfTheSentence(link: string): boolean {
  const last = link.at(-1) ?? "";
  const opening = closing[last];
  if (opening === undefined) return /[.,;:!?'*_~،؛؟।]/u.test(last);
  return count(link, last) > count(link, opening);
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

function leadsSomewhere(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, hostname, username, password } = new URL(link);
  return /^https?:$/.test(protocol) && hostname !== "" && username === "" && password === "";
}
