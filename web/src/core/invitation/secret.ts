/**
 * The link secret. Law: it is made in the browser, lives in the fragment of the link, and is never sent.
 * The server sees `admission`, one half derived from it; the other half will seal meetings.
 */

/** 128 bits: a link cannot be guessed. */
const SECRET_BYTES = 16;

export function makeSecret(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): string {
  return toBase64Url(random(new Uint8Array(SECRET_BYTES)));
}

/** HKDF-SHA256(secret, no salt, "folkmoot admission"), 32 bytes. Undefined if the secret is not one. */
export async function deriveAdmission(secret: string, subtle: SubtleCrypto): Promise<string | undefined> {
  const bytes = fromBase64Url(secret);
  if (!bytes || bytes.length < SECRET_BYTES) return undefined;
  const key = await subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode("folkmoot admission");
  const half = await subtle.deriveBits(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info },
    key,
    256,
  );
  return toBase64Url(new Uint8Array(half));
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  } catch {
    return undefined;
  }
}
