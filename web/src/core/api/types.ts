/**
 * What the product's HTTP surface answers, by its own names. Field names are the wire's (snake case),
 * so a response is used as it came.
 */

/** Answer of `POST /api/meetings`. The link secret is not in it: it was made here and never left. */
export interface CreatedMeeting {
  number: string;
  passcode: string;
  host_key: string;
  title: string;
  created_at: string;
}

export interface NewMeeting {
  title?: string;
  admission: string;
}

export interface JoinRequest {
  name: string;
  /** Half of the link's secret, see core/invitation. */
  admission?: string;
  passcode?: string;
  host_key?: string;
  rejoin?: string;
  /** Random, one for each meeting: who was removed is known by it there, and nowhere else. */
  device?: string;
}

/** Answer of `POST /api/meetings/{number}/join`: everything the meeting room needs. */
export interface JoinResult {
  participant: string;
  role: "host" | "guest";
  name: string;
  meeting: { number: string; title: string; locked: boolean };
  channel_token: string;
  rejoin: string;
  /** Only from a server that does not yet send it on the channel (`media`). */
  livekit?: { url: string; token: string };
}

/** An expected "no": a code for us, parameters for the sentence, which we word ourselves. */
export interface Refusal {
  code: string;
  params: Record<string, string | number>;
}

/** Three ways a request ends. `unreachable`: no answer, or one that is not ours (5xx, a proxy's page). */
export type Answer<T> =
  { kind: "ok"; value: T } | { kind: "refused"; refusal: Refusal } | { kind: "unreachable" };
