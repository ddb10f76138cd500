/**
 * What travels on the meeting channel, parsed once at the door. A message we do not understand is
 * dropped: a newer server may say more than we know.
 */

export type Payload = Readonly<Record<string, unknown>>;

/** One entry of the meeting log. */
export interface LogEvent {
  seq: number;
  at: string;
  feature: string;
  type: string;
  /** Who did it; null when the meeting did it itself. */
  by: string | null;
  payload: Payload;
}

export interface Welcome {
  seq: number;
  you: { participant: string; name: string; role: string };
  snapshot: Payload;
}

export type Incoming =
  | { kind: "welcome"; welcome: Welcome }
  | { kind: "resumed"; seq: number }
  | { kind: "done"; id: string; seq: number }
  | { kind: "refused"; id: string; code: string; params: Payload }
  | { kind: "event"; event: LogEvent };

export type Outgoing =
  { hello: { resume?: number } } | { do: { id: string; feature: string; type: string; payload: Payload } };

export function parse(text: unknown): Incoming | undefined {
  const message = record(decode(text));
  const welcome = record(message?.["welcome"]);
  if (welcome) return readWelcome(welcome);
  const resumed = record(message?.["resumed"]);
  if (resumed) return { kind: "resumed", seq: whole(resumed["seq"]) };
  const done = record(message?.["done"]);
  if (done) return { kind: "done", id: word(done["id"]), seq: whole(done["seq"]) };
  const refused = record(message?.["refused"]);
  if (refused) {
    const { id, code, params } = refused;
    return { kind: "refused", id: word(id), code: word(code), params: record(params) ?? {} };
  }
  const event = record(message?.["event"]);
  if (event) return readEvent(event);
  return undefined;
}

function readWelcome({ seq, you, snapshot }: Payload): Incoming {
  const self = record(you) ?? {};
  return {
    kind: "welcome",
    welcome: {
      seq: whole(seq),
      you: { participant: word(self["participant"]), name: word(self["name"]), role: word(self["role"]) },
      snapshot: record(snapshot) ?? {},
    },
  };
}

function readEvent({ seq, at, feature, type, by, payload }: Payload): Incoming {
  return {
    kind: "event",
    event: {
      seq: whole(seq),
      at: word(at),
      feature: word(feature),
      type: word(type),
      by: typeof by === "string" && by !== "" ? by : null,
      payload: record(payload) ?? {},
    },
  };
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
