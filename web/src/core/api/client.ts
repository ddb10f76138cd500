import { createCall } from "./call";
import { shapes } from "./http";
import type { Answer, CreatedMeeting, JoinRequest, JoinResult, NewMeeting } from "./types";

/** Nothing here throws: a server that is gone is an answer like any other. */
export interface Api {
  createMeeting(request: NewMeeting): Promise<Answer<CreatedMeeting>>;
  join(number: string, request: JoinRequest): Promise<Answer<JoinResult>>;
  health(): Promise<Answer<Health>>;
}

export interface Health {
  status: string;
  version: string;
}

export function createApi(send?: typeof fetch): Api {
  const call = createCall(send);
  return {
    createMeeting: (request) => call("POST", "/api/meetings", shapes.CreatedMeeting, request),
    join: (number, request) =>
      call("POST", `/api/meetings/${encodeURIComponent(number)}/join`, shapes.JoinResult, request),
    health: () => call("GET", "/api/health", { status: "string" }),
  };
}
