import {
  type HostKey,
  type InvitationMade,
  type InvitationRequest,
  type InvitationShown,
  shapes,
} from "./http";
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
    people: readonly InvitationRequest[],
  ): Promise<Answer<readonly InvitationMade[]>>;
  invitations(number: string, token: string): Promise<Answer<readonly InvitationShown[]>>;
  revoke(number: string, token: string, id: string): Promise<Answer<null>>;
  /** Another host key; the one before proves nothing from then on. @param token an owner's */
  replaceHostKey(number: string, token: string): Promise<Answer<HostKey>>;
}

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
      call("POST", invitationsOf(number), [shapes.InvitationMade], { people }, token),
    invitations: (number, token) =>
      call("GET", invitationsOf(number), [shapes.InvitationShown], undefined, token),
    revoke: (number, token, id) =>
      call("DELETE", `${invitationsOf(number)}/${encodeURIComponent(id)}`, "nothing", undefined, token),
    replaceHostKey: (number, token) =>
      call("POST", `/api/meetings/${encodeURIComponent(number)}/host-key`, shapes.HostKey, undefined, token),
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
