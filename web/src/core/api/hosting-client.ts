/** What a host asks over HTTP, from inside the meeting. It comes with the room, not with prejoin. */
import type { Call } from "./call";
import {
  type HostKey,
  type InvitationMade,
  type InvitationRequest,
  type InvitationShown,
  shapes,
} from "./http";
import type { Answer } from "./types";

/** Nothing here throws: a server that is gone is an answer like any other. */
export interface HostingApi {
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

export function createHostingApi(call: Call): HostingApi {
  const of = (number: string): string => `/api/meetings/${encodeURIComponent(number)}`;
  const invitationsOf = (number: string): string => `${of(number)}/invitations`;
  return {
    invite: (number, token, people) =>
      call("POST", invitationsOf(number), [shapes.InvitationMade], { people }, token),
    invitations: (number, token) =>
      call("GET", invitationsOf(number), [shapes.InvitationShown], undefined, token),
    revoke: (number, token, id) =>
      call("DELETE", `${invitationsOf(number)}/${encodeURIComponent(id)}`, "nothing", undefined, token),
    replaceHostKey: (number, token) =>
      call("POST", `${of(number)}/host-key`, shapes.HostKey, undefined, token),
  };
}
