/**
 * What a person types or pastes to get into a meeting: a link, a number, or the whole invitation text they
 * were sent. Everything goes through NFKC first, so that full-width digits and letters are the plain ones.
 */

export type Invitation =
  | { kind: "link"; number: string; secret: string | undefined }
  | { kind: "number"; number: string; passcode: string | undefined }
  | { kind: "elsewhere"; url: URL };

/** A meeting number has twelve digits; shorter ones are let through, so that the server may decide. */
const number = /(?<!\d)\d(?:[ \-.]?\d){8,11}(?![ \-.]?\d)/;
const address = /https?:\/\/[^\s<>"'，。；（）、]+/i;
const path = /^\/m\/(\d{9,12})\/?$/;
const passcode = /(?:密码|口令|passcode|password|pwd|pin)\s*[:：]?\s*(\d[\d ]{2,11}\d)/i;

export function parseInvitation(text: string, origin: string): Invitation | undefined {
  const plain = text
    .normalize("NFKC")
    .replace(/[\s\u3000]+/gu, " ")
    .trim();
  const link = address.exec(plain) ?? schemeless(plain, origin);
  if (link) return readLink(link[0], origin);
  const found = number.exec(plain.replace(passcode, " "));
  if (!found) return undefined;
  return { kind: "number", number: digits(found[0]), passcode: readPasscode(passcode.exec(plain)?.[1]) };
}

function readLink(href: string, origin: string): Invitation | undefined {
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  const meeting = path.exec(url.pathname)?.[1];
  if (!meeting) return undefined;
  if (url.origin !== origin) return { kind: "elsewhere", url };
  return { kind: "link", number: meeting, secret: readSecret(url.hash) };
}

/** `#k=…` of a link. */
export function readSecret(hash: string): string | undefined {
  return /(?:^#|&)k=([\w-]+)/.exec(hash)?.[1];
}

export function writeLink(origin: string, meeting: string, secret: string): string {
  return `${origin}/m/${meeting}#k=${secret}`;
}

/** A passcode as the server wants it: digits, whatever they were typed as. */
export function readPasscode(text: string | undefined): string | undefined {
  const plain = digits((text ?? "").normalize("NFKC"));
  return plain === "" ? undefined : plain;
}

/** In threes, as people read it aloud; copied without the spaces. */
export function spellNumber(meeting: string): string {
  return meeting.replace(/(\d{3})(?=\d)/g, "$1 ");
}

function schemeless(plain: string, origin: string): [string] | undefined {
  const host = new URL(origin).host;
  const at = plain.toLowerCase().indexOf(`${host}/m/`);
  const rest = at < 0 ? undefined : address.exec(origin + plain.slice(at + host.length));
  return rest ? [rest[0]] : undefined;
}

function digits(text: string): string {
  return text.replace(/\D/g, "");
}
