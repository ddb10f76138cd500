/** What a person does with their account, over HTTP. The session is a cookie that no script reads. */
import {
  type AccountShown,
  type ApiKeyMade,
  type ApiKeyRequest,
  type ApiKeyShown,
  type Asked,
  type CodesBegun,
  type IdentityShown,
  type PasskeyShown,
  type ProfileRequest,
  type ProviderShown,
  type RecoveryCodes,
  type SessionShown,
  type SetupRequest,
  type SignInRequest,
  type SignInWays,
  type SignUpRequest,
  type ToProvider,
  type Way,
  shapes,
} from "./accounts";
import type { Call } from "./call";
import type { Answer } from "./types";

export type {
  AccountShown,
  ApiKeyMade,
  ApiKeyShown,
  IdentityShown,
  PasskeyShown,
  ProviderShown,
  SessionShown,
  SignInWays,
  Way,
};

/** What WebAuthn wants and gives, as JSON. */
export type Json = Record<string, unknown>;
type Done = Promise<Answer<null>>;

export function createAccountsApi(call: Call) {
  const done = (method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Done =>
    call(method, path, "nothing", body);
  const inside = (path: string, body: unknown) => call<AccountShown>("POST", path, shapes.AccountShown, body);
  return {
    way: () => call<Way>("GET", "/api/signup", shapes.Way),
    signUp: (wanted: SignUpRequest) => call<Asked>("POST", "/api/signup", shapes.Asked, wanted),
    beginPasskeySignUp: (name: string, address: string) =>
      call<Json>("POST", "/api/signup/passkey/begin", "object", { name, address }),
    setUp: (wanted: SetupRequest) => inside("/api/setup", wanted),
    verify: (token: string, by: { password?: string; credential?: Json } = {}) =>
      inside("/api/verify", { token, ...by }),
    signIn: (attempt: SignInRequest) => inside("/api/signin", attempt),
    beginPasskeySignIn: () => call<Json>("POST", "/api/signin/passkey/begin", "object"),
    passkeySignIn: (credential: Json) => inside("/api/signin/passkey", { credential }),
    providers: () => call<ProviderShown[]>("GET", "/api/signin/providers", [shapes.ProviderShown]),
    toProvider: (id: string, next: string) =>
      call<ToProvider>("POST", `/api/signin/providers/${encodeURIComponent(id)}/begin`, shapes.ToProvider, {
        next,
      }),
    signOut: () => done("POST", "/api/signout"),
    askReset: (address: string, language: string) => done("POST", "/api/reset", { address, language }),
    finishReset: (token: string, password: string) => done("POST", "/api/reset/finish", { token, password }),

    account: () => call<AccountShown>("GET", "/api/account", shapes.AccountShown),
    change: (profile: ProfileRequest) =>
      call<AccountShown>("PATCH", "/api/account", shapes.AccountShown, profile),
    changePicture: (picture: Blob) =>
      call<AccountShown>("PUT", "/api/account/picture", shapes.AccountShown, picture),
    removePicture: () => done("DELETE", "/api/account/picture"),
    remove: () => done("DELETE", "/api/account"),
    prove: (password: string) => done("POST", "/api/account/prove", { password }),
    proveByPasskey: (credential: Json) => done("POST", "/api/account/prove/passkey", { credential }),
    changePassword: (password: string) => done("PUT", "/api/account/password", { password }),
    addAddress: (address: string) => done("POST", "/api/account/addresses", { address }),
    removeAddress: (address: string) =>
      done("DELETE", `/api/account/addresses/${encodeURIComponent(address)}`),

    ways: () => call<SignInWays>("GET", "/api/account/signin", shapes.SignInWays),
    beginPasskey: () => call<Json>("POST", "/api/account/passkeys/begin", "object"),
    addPasskey: (credential: Json, name: string) =>
      done("POST", "/api/account/passkeys", { credential, name }),
    removePasskey: (id: string) => done("DELETE", `/api/account/passkeys/${encodeURIComponent(id)}`),
    identities: () => call<IdentityShown[]>("GET", "/api/account/identities", [shapes.IdentityShown]),
    connect: (provider: string) =>
      call<ToProvider>(
        "POST",
        `/api/account/identities/${encodeURIComponent(provider)}/begin`,
        shapes.ToProvider,
      ),
    disconnect: (issuer: string) =>
      done("DELETE", `/api/account/identities?issuer=${encodeURIComponent(issuer)}`),
    beginCodes: () => call<CodesBegun>("POST", "/api/account/codes", shapes.CodesBegun),
    confirmCodes: (code: string) =>
      call<RecoveryCodes>("POST", "/api/account/codes/confirm", shapes.RecoveryCodes, { code }),
    codesOff: () => done("DELETE", "/api/account/codes"),
    sessions: () => call<SessionShown[]>("GET", "/api/account/sessions", [shapes.SessionShown]),
    endSession: (id: string) => done("DELETE", `/api/account/sessions/${encodeURIComponent(id)}`),
    endOtherSessions: () => done("DELETE", "/api/account/sessions"),

    keys: () => call<ApiKeyShown[]>("GET", "/api/account/keys", [shapes.ApiKeyShown]),
    makeKey: (wanted: ApiKeyRequest) =>
      call<ApiKeyMade>("POST", "/api/account/keys", shapes.ApiKeyMade, wanted),
    revokeKey: (id: string) => done("DELETE", `/api/account/keys/${encodeURIComponent(id)}`),
  };
}

export type AccountsApi = ReturnType<typeof createAccountsApi>;
