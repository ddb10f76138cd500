/**
 * What travels on the meeting channel, parsed once at the door. The types are the server's own (`api/channel.ts`); a
 * message we do not understand is dropped: a newer server may say more than we know.
 */
import type {
  Denied,
  Done,
  FromClient,
  Json,
  LogEvent as ServerEvent,
  MediaTicket,
  Queued,
  Refused,
  You,
} from "../api/channel";

export type { MediaTicket, You };

export type Payload = Readonly<Record<string, Json>>;

/** One entry of the meeting log. */
export type LogEvent = Readonly<Omit<ServerEvent, "payload">> & { readonly payload: Payload };

export interface Welcome {
  seq: number;
  you: You;
  snapshot: Payload;
}

export type Incoming =
  | { kind: "welcome"; welcome: Welcome; now: string }
  | { kind: "resumed"; seq: number; you: You; now: string }
  | { kind: "you"; you: You }
  | { kind: "media"; media: MediaTicket }
  | ({ kind: "denied" } & Denied)
  | ({ kind: "queued" } & Queued)
  | ({ kind: "done" } & Done)
  | ({ kind: "refused" } & Refused)
  | { kind: "event"; event: LogEvent };

export type Outgoing = FromClient;

/** A frame is one message or a batch of them, in order. */
export function parse(text: unknown): Incoming[] {
  const frame = decode(text);
  return (Array.isArray(frame) ? frame : [frame]).flatMap((message) => readMessage(record(message)) ?? []);
}

function readMessage(message: Payload | undefined): Incoming | undefined {
  for (const [key, read] of Object.entries(readers)) {
    const content = record(message?.[key]);
    if (content) return read(content);
  }
  return undefined;
}

const readers: Readonly<Record<string, (content: Payload) => Incoming>> = {
  welcome: ({ seq, you, snapshot, now }) => ({
    kind: "welcome",
    welcome: { seq: whole(seq), you: readYou(record(you) ?? {}), snapshot: record(snapshot) ?? {} },
    now: word(now),
  }),
  resumed: ({ seq, you, now }) => ({
    kind: "resumed",
    seq: whole(seq),
    you: readYou(record(you) ?? {}),
    now: word(now),
  }),
  you: (you) => ({ kind: "you", you: readYou(you) }),
  media: ({ url, token }) => ({ kind: "media", media: { url: word(url), token: word(token) } }),
  denied: ({ code, params }) => ({ kind: "denied", code: word(code), params: record(params) ?? {} }),
  queued: ({ place }) => ({ kind: "queued", place: whole(place) }),
  done: ({ id, seq }) => ({ kind: "done", id: word(id), seq: whole(seq) }),
  refused: ({ id, code, params }) => ({
    kind: "refused",
    id: word(id),
    code: word(code),
    params: record(params) ?? {},
  }),
  event: ({ seq, at, feature, type, by, payload }) => ({
    kind: "event",
    event: {
      seq: whole(seq),
      at: word(at),
      feature: word(feature),
      type: word(type),
      by: typeof by === "string" && by !== "" ? by : null,
      payload: record(payload) ?? {},
    },
  }),
};

function readYou({ participant, name, role, may }: Payload): You {
  return { participant: word(participant), name: word(name), role: word(role), may: words(may) };
}

function decode(text: unknown): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function record(value: unknown): Payload | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Payload)
    : undefined;
}

export function records(value: unknown): Payload[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown) => record(item)).filter((item) => item !== undefined);
}

export function word(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function words(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

export function whole(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
