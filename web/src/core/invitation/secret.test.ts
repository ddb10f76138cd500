import { createHmac } from "node:crypto";

import { describe, expect, it } from "vitest";

import { deriveAdmission, fromBase64Url, makeSecret, toBase64Url } from "./secret";

const random = (bytes: Uint8Array<ArrayBuffer>) => bytes.fill(7);
const subtle = globalThis.crypto.subtle;

describe("the link secret", () => {
  it("has at least 128 bits and fits a link without escaping", () => {
    const secret = makeSecret((bytes) => crypto.getRandomValues(bytes));
    expect(fromBase64Url(secret)?.length).toBeGreaterThanOrEqual(16);
    expect(secret).toMatch(/^[\w-]+$/);
  });

  it("gives the server a half that it could not have made from anything else", async () => {
    // RFC 5869 in three lines, so that the browser's HKDF is checked against somebody else's.
    const prk = createHmac("sha256", Buffer.alloc(32)).update(Buffer.alloc(16, 7)).digest();
    const okm = createHmac("sha256", prk)
      .update("folkmoot admission")
      .update(Buffer.from([1]))
      .digest();
    expect(await deriveAdmission(makeSecret(random), subtle)).toBe(toBase64Url(okm));
  });

  it("is refused when it is too short or no secret at all", async () => {
    expect(await deriveAdmission("c2hvcnQ", subtle)).toBeUndefined();
    expect(await deriveAdmission("not a secret!", subtle)).toBeUndefined();
    expect(await deriveAdmission("", subtle)).toBeUndefined();
  });
});
