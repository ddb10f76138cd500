/**
 * Files of a meeting's chat. They go by `XMLHttpRequest`, which alone tells how much has gone; they come as bytes, never as
 * an address that could be opened: the server gives them to who shows the channel's ticket.
 */
import { isRecord } from "./shape";
import type { Answer, Refusal } from "./types";

export interface Parcel {
  /** The sender's own: sent again with the same, it is there once. */
  command: string;
  file: Blob;
  name: string;
  /** A small JPEG to show before anybody fetches it. */
  preview: Blob | undefined;
  to: string | null;
  replyTo: string | null;
}

export interface Upload {
  done: Promise<Answer<null>>;
  cancel(): void;
}

export interface Allowance {
  most: number;
  left: number;
}

export interface FilesApi {
  allowance(): Promise<Answer<Allowance>>;
  /** @param onSent the part that has gone, 0 to 1 */
  bring(parcel: Parcel, onSent: (part: number) => void): Upload;
  /** @param signal ends it: `unreachable` */
  fetch(id: string, signal?: AbortSignal): Promise<Answer<Blob>>;
}

export interface FilesPorts {
  number: string;
  /** The newest ticket of the channel. */
  token(): string;
  send?: typeof fetch;
  request?: () => XMLHttpRequest;
}

export function createFilesApi({
  number,
  token,
  send = (...asked) => fetch(...asked),
  request = () => new XMLHttpRequest(),
}: FilesPorts): FilesApi {
  const path = `/api/meetings/${encodeURIComponent(number)}/files`;
  const proof = (): Record<string, string> => ({ authorization: `Bearer ${token()}` });
  const get = (address: string, signal?: AbortSignal): Promise<Response | undefined> =>
    send(address, { headers: proof(), cache: "no-store", ...(signal && { signal }) }).catch(() => undefined);
  return {
    async allowance() {
      const response = await get(path);
      const body: unknown = await response?.json().catch(() => undefined);
      if (!response?.ok) return refusedOr(body);
      const [most, left] = isRecord(body) ? [Number(body["most"]), Number(body["left"])] : [NaN, NaN];
      return most >= 0 && left >= 0 ? { kind: "ok", value: { most, left } } : { kind: "unreachable" };
    },
    bring: (parcel, onSent) => upload(request(), path, { ...proof(), ...said(parcel) }, parcel, onSent),
    async fetch(id, signal) {
      const response = await get(`${path}/${encodeURIComponent(id)}`, signal);
      if (!response?.ok) return refusedOr(await response?.json().catch(() => undefined));
      const blob = await response.blob().catch(() => undefined);
      return blob ? { kind: "ok", value: blob } : { kind: "unreachable" };
    },
  };
}

/** In headers, not in the address: that is in the logs of whatever stands before the server. */
function said({ command, file, name, preview, to, replyTo }: Parcel): Record<string, string> {
  return {
    "folkmoot-command": command,
    "folkmoot-name": encodeURIComponent(name.replace(/\p{Cs}/gu, "")),
    "folkmoot-preview": String(preview?.size ?? 0),
    "content-type": file.type || "application/octet-stream",
    ...(to !== null && { "folkmoot-to": to }),
    ...(replyTo !== null && { "folkmoot-reply-to": replyTo }),
  };
}

function upload(
  request: XMLHttpRequest,
  path: string,
  headers: Record<string, string>,
  { file, preview }: Parcel,
  onSent: (part: number) => void,
): Upload {
  const done = new Promise<Answer<null>>((resolve) => {
    request.open("POST", path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => onSent(total ? loaded / total : 0));
    request.addEventListener("load", () =>
      resolve(request.status === 204 ? { kind: "ok", value: null } : refusedOr(parsed(request.responseText))),
    );
    for (const end of ["error", "abort", "timeout"] as const)
      request.addEventListener(end, () => resolve({ kind: "unreachable" }));
    // One body: the server reads the picture from its front.
    request.send(preview ? new Blob([preview, file]) : file);
  });
  return { done, cancel: () => request.abort() };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Also of a disk that is full, which is the server's fault (507): the words for it are ours. */
function refusedOr(body: unknown): { kind: "refused"; refusal: Refusal } | { kind: "unreachable" } {
  if (!isRecord(body) || typeof body["code"] !== "string") return { kind: "unreachable" };
  const params = isRecord(body["params"]) ? (body["params"] as Refusal["params"]) : {};
  return { kind: "refused", refusal: { code: body["code"], params } };
}
