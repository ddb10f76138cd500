import { createCall } from "./call";
import {
  type HostKey,
  type InvitationMade,
  type InvitationRequest,
  type InvitationShown,
  shapes,
} from "./http";
import type { Answer, CreatedMeeting, JoinRequest, JoinResult, NewMeeting } from "./types";

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

export function createApi(send?: typeof fetch): Api {
  const call = createCall(send);
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
