/** The browser's side of a passkey. What it shows is its own; all that comes back is an answer, or none. */
import { creationOptions, credentialJson, requestOptions } from "../../core/account/webauthn";
import type { Json } from "../../core/api/accounts-client";
import type { Answer } from "../../core/api/types";

import type { Desk } from "./desk";

/** A9: the person or the browser let it be. */
export const NONE = { kind: "refused", refusal: { code: "passkey.none", params: {} } } as const;

export function hasPasskeys(credentials: CredentialsContainer | undefined): boolean {
  return credentials !== undefined && typeof PublicKeyCredential !== "undefined";
}

/** Signs a challenge with a passkey of this site and hands it on. */
export async function withPasskey<T>(
  { api, credentials }: Desk,
  use: (credential: Json) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  const begun = await api.beginPasskeySignIn();
  if (begun.kind !== "ok") return begun;
  const credential = await offered(() => credentials?.get({ publicKey: requestOptions(begun.value) }));
  return credential ? use(credential) : NONE;
}

export async function makePasskey({ api, credentials }: Desk, name: string): Promise<Answer<null>> {
  const made = await created(credentials, await api.beginPasskey());
  return made.kind === "ok" ? api.addPasskey(made.value, name) : made;
}

/** Of an account that isn't there yet. */
export async function futurePasskey(
  { api, credentials }: Desk,
  name: string,
  address: string,
): Promise<Answer<Json>> {
  return created(credentials, await api.beginPasskeySignUp(name, address));
}

async function created(
  credentials: CredentialsContainer | undefined,
  begun: Answer<Json>,
): Promise<Answer<Json>> {
  if (begun.kind !== "ok") return begun;
  const made = await offered(() => credentials?.create({ publicKey: creationOptions(begun.value) }));
  return made ? { kind: "ok", value: made } : NONE;
}

async function offered(ask: () => Promise<Credential | null> | undefined): Promise<Json | undefined> {
  try {
    const credential = await ask();
    return credential ? credentialJson(credential as PublicKeyCredential) : undefined;
  } catch {
    return undefined;
  }
}
