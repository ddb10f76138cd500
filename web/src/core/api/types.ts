/** How a request of ours ends. What is asked and answered is the server's own (`http.ts`). */
export type { CreatedMeeting, JoinRequest, JoinResult, NewMeeting } from "./http";

/** An expected "no": a code for us, parameters for the sentence, which we word ourselves. */
export interface Refusal {
  code: string;
  params: Record<string, string | number>;
}

/** Three ways a request ends. `unreachable`: no answer, or one that is not ours (5xx, a proxy's page). */
export type Answer<T> =
  { kind: "ok"; value: T } | { kind: "refused"; refusal: Refusal } | { kind: "unreachable" };
