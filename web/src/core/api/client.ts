import { shapes } from "./http";
import { fits, type Shape } from "./shape";
import type { Answer, CreatedMeeting, JoinRequest, JoinResult, NewMeeting, Refusal } from "./types";

/** Nothing here throws: a server that is gone is an answer like any other. */
export interface Api {
  createMeeting(request: NewMeeting): Promise<Answer<CreatedMeeting>>;
  join(number: string, request: JoinRequest): Promise<Answer<JoinResult>>;
  health(): Promise<Answer<Health>>;
  /** Links for one person each. @param token a host's ticket of the channel */
  invite(
    number: string,
    token: string,
    people: readonly Invited[],
  ): Promise<Answer<readonly { id: string }[]>>;
  invitations(number: string, token: string): Promise<Answer<readonly PersonalLink[]>>;
  revoke(number: string, token: string, id: string): Promise<Answer<null>>;
  /** Another host key; the one before proves nothing from then on. @param token an owner's */
  replaceHostKey(number: string, token: string): Promise<Answer<{ host_key: string }>>;
}

export interface Invited {
  name: string;
  admission: string;
}

/** As the server keeps it; the secret is in nobody's hands but of who has the link. */
export interface PersonalLink {
  id: string;
  name: string;
  used: boolean;
  live: boolean;
  revoked: boolean;
}

const link = { id: "string", name: "string", used: "boolean", live: "boolean", revoked: "boolean" } as const;

export interface Health {
  status: string;
  version: string;
}

/** A request that has no answer after this long has none. */
const DEADLINE_MS = 10_000;

export function createApi(send: typeof fetch = (...request) => fetch(...request)): Api {
  async function call<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    shape: Shape,
    body?: unknown,
    token?: string,
  ): Promise<Answer<T>> {
    let response: Response;
    try {
      response = await send(path, {
        method,
        signal: AbortSignal.timeout(DEADLINE_MS),
        cache: "no-store",
        headers: {
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch {
      return { kind: "unreachable" };
    }
    return read<T>(response, shape);
  }

  return {
    createMeeting: (request) => call("POST", "/api/meetings", shapes.CreatedMeeting, request),
    join: (number, request) =>
      call("POST", `/api/meetings/${encodeURIComponent(number)}/join`, shapes.JoinResult, request),
    invite: (number, token, people) =>
      call("POST", invitationsOf(number), [{ id: "string" }], { people }, token),
    invitations: (number, token) => call("GET", invitationsOf(number), [link], undefined, token),
    revoke: (number, token, id) =>
      call("DELETE", `${invitationsOf(number)}/${encodeURIComponent(id)}`, "nothing", undefined, token),
    replaceHostKey: (number, token) =>
      call(
        "POST",
        `/api/meetings/${encodeURIComponent(number)}/host-key`,
        { host_key: "string" },
        undefined,
        token,
      ),
    health: () => call("GET", "/api/health", { status: "string" }),
  };
}

function invitationsOf(number: string): string {
  return `/api/meetings/${encodeURIComponent(number)}/invitations`;
}

async function read<T>(response: Response, shape: Shape): Promise<Answer<T>> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && fits(body, shape)) return { kind: "ok", value: body as T };
  const refusal = response.status >= 400 && response.status < 500 ? readRefusal(body) : undefined;
  return refusal ? { kind: "refused", refusal } : { kind: "unreachable" };
}

function readRefusal(body: unknown): Refusal | undefined {
  if (!isRecord(body) || typeof body["code"] !== "string") return undefined;
  const params = isRecord(body["params"]) ? (body["params"] as Refusal["params"]) : {};
  return { code: body["code"], params };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
