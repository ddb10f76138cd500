/** One request of the product's HTTP surface. Nothing here throws: a server that is gone is an answer like any other. */
import { fits, isRecord, type Shape } from "./shape";
import type { Answer, Refusal } from "./types";

/** A request that has no answer after this long has none. */
const DEADLINE_MS = 10_000;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** @param token of the bearer; without one, whoever the browser's cookie says */
export type Call = <T>(
  method: Method,
  path: string,
  shape: Shape,
  body?: unknown,
  token?: string,
  deadlineMs?: number,
) => Promise<Answer<T>>;

export function createCall(send: typeof fetch = (...request) => fetch(...request)): Call {
  return async <T>(
    method: Method,
    path: string,
    shape: Shape,
    body?: unknown,
    token?: string,
    deadlineMs = DEADLINE_MS,
  ) => {
    let response: Response;
    try {
      response = await send(path, {
        method,
        signal: AbortSignal.timeout(deadlineMs),
        cache: "no-store",
        headers: {
          // A file says by itself what it is.
          ...(body !== undefined && !(body instanceof Blob) && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
      });
    } catch {
      return { kind: "unreachable" };
    }
    return read<T>(response, shape);
  };
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
