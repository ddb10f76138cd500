import { expect, it } from "vitest";

import { creationOptions, credentialJson, requestOptions } from "./webauthn";

const buffer = (...values: number[]) => new Uint8Array(values).buffer;

it("reads what is asked, with every byte where it was", () => {
  const asked = creationOptions({
    challenge: "-_8A",
    user: { id: "YV8x", name: "ada@example.org" },
    excludeCredentials: [{ id: "AQ", type: "public-key" }],
  });
  expect([...(asked.challenge as Uint8Array)]).toEqual([251, 255, 0]);
  expect([...(asked.user.id as Uint8Array)]).toEqual([97, 95, 49]);
  expect([...((asked.excludeCredentials?.[0]?.id as Uint8Array) ?? [])]).toEqual([1]);
  expect(requestOptions({ challenge: "AA" }).allowCredentials).toEqual([]);
});

it("writes what was answered as the server reads it", () => {
  const credential = {
    id: "AQ",
    rawId: buffer(1),
    type: "public-key",
    response: {
      clientDataJSON: buffer(123, 125),
      authenticatorData: buffer(255, 254),
      signature: buffer(3),
      userHandle: null,
    },
    getClientExtensionResults: () => ({}),
  } as unknown as PublicKeyCredential;
  expect(credentialJson(credential)).toEqual({
    id: "AQ",
    rawId: "AQ",
    type: "public-key",
    response: { clientDataJSON: "e30", authenticatorData: "__4", signature: "Aw" },
    clientExtensionResults: {},
  });
});
