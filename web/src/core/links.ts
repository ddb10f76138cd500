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
  const surplus = new Map(
    Object.entries(closing).map(([mark, opening]) => [mark, count(link, mark) - count(link, opening)]),
  );
  let end = link.length;
  while (end > 0 && isOfTheSentence(link.charAt(end - 1), surplus)) end -= 1;
  return link.slice(0, end);
}

/** Brackets are counted once for the whole address: somebody may write four thousand. */
function isOfTheSentence(last: string, surplus: Map<string, number>): boolean {
  const left = surplus.get(last);
  if (left === undefined) return /[.,;:!?'*_~،؛؟।]/u.test(last);
  surplus.set(last, left - 1);
  return left > 0;
}

function count(text: string, mark: string): number {
  return text.split(mark).length - 1;
}

function leadsSomewhere(link: string): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, hostname, username, password } = new URL(link);
  return /^https?:$/.test(protocol) && hostname !== "" && username === "" && password === "";
}
