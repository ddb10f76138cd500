/**
 * Whom one invites, as it is typed or pasted: names, addresses, or both, one a line or with commas between. Pure.
 * Whether an address is one is the server's to say; here only what cannot be one is found, so that it is said at once.
 */
import { tidyName } from "../names";

export interface Invited {
  name: string;
  /** Without one there is nobody to write to: their link is copied by hand. */
  address: string;
  /** Of a colleague who was found. */
  account?: string;
}

/** The most that one list may have. */
export const mostInvited = 500;

/** `Nadia Ahmed <nadia@ahmed.example>` */
const both = /^"?([^"<>]*?)"?\s*<\s*([^<>\s]+)\s*>$/;

/** In the order they were written; whoever is there twice is there once. */
export function readPeople(text: string): Invited[] {
  const plain = text.normalize("NFKC");
  return unique(pieces(plain).map(readOne).filter(isSomebody));
}

/** A comma inside quotes belongs to a name: "Ahmed, Nadia" <nadia@ahmed.example>. */
function pieces(text: string): string[] {
  return text.match(/(?:"[^"\n]*"|[^\n\r,;\t，；、])+/g) ?? [];
}

function readOne(piece: string): Invited {
  const trimmed = piece.replace(/^[\s\u3000]*(?:[-*•]\s+)?/u, "").trim();
  const [, name, address] = both.exec(trimmed) ?? [];
  if (address !== undefined) return { name: tidyName(name ?? ""), address: tidyAddress(address) };
  if (trimmed.includes("@")) return fromWords(trimmed);
  return { name: tidyName(trimmed), address: "" };
}

/** `Nadia Ahmed nadia@ahmed.example`: a row of a table, pasted. */
function fromWords(text: string): Invited {
  const words = text.split(/[\s\u3000]+/u);
  const address = words.find((word) => word.includes("@")) ?? "";
  return {
    name: tidyName(words.filter((word) => word !== address).join(" ")),
    address: tidyAddress(address),
  };
}

function tidyAddress(text: string): string {
  return text.replace(/^(?:mailto:)|[\s.]+$/gi, "");
}

function isSomebody({ name, address }: Invited): boolean {
  return name !== "" || address !== "";
}

/** A name alone: nothing reaches them but the link that one hands on, and by a link nobody hosts. */
export function isNameAlone(one: { address?: string | null; account?: string | null | undefined }): boolean {
  return !one.address && !one.account;
}

/** What could be an address; full knowledge is the server's. */
export function looksLikeAddress(text: string): boolean {
  return /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/u.test(text) && text.length <= 254;
}

/** Somebody with an address is known by it, whatever the name beside it; without one by their name. */
export function keyOf({ name, address }: Invited): string {
  return (address || name).toLocaleLowerCase();
}

export function unique(people: readonly Invited[]): Invited[] {
  const known = new Set<string>();
  return people.filter((one) => {
    const isNew = !known.has(keyOf(one));
    known.add(keyOf(one));
    return isNew;
  });
}

/** What one sees of somebody in a list. */
export function called({ name, address }: Invited): string {
  return name || address;
}
