/** WebAuthn's options and answers as JSON, for browsers that don't read and write it themselves. Pure. */
type Json = Record<string, unknown>;

export function creationOptions(json: Json): PublicKeyCredentialCreationOptions {
  const user = json["user"] as Json;
  return {
    ...json,
    challenge: bytes(json["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: descriptors(json["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
}

export function requestOptions(json: Json): PublicKeyCredentialRequestOptions {
  return {
    ...json,
    challenge: bytes(json["challenge"]),
    allowCredentials: descriptors(json["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
}

export function credentialJson(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    response: responseJson(credential.response),
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function responseJson(response: AuthenticatorResponse): Json {
  const clientDataJSON = base64url(response.clientDataJSON);
  if ("attestationObject" in response) {
    const made = response as AuthenticatorAttestationResponse;
    return { clientDataJSON, attestationObject: base64url(made.attestationObject) };
  }
  const said = response as AuthenticatorAssertionResponse;
  return {
    clientDataJSON,
    authenticatorData: base64url(said.authenticatorData),
    signature: base64url(said.signature),
    ...(said.userHandle && { userHandle: base64url(said.userHandle) }),
  };
}

function descriptors(list: unknown): unknown[] {
  return (Array.isArray(list) ? (list as Json[]) : []).map(({ id, type }) => ({ id: bytes(id), type }));
}

function bytes(text: unknown): Uint8Array {
  const plain = atob(String(text).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function base64url(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
