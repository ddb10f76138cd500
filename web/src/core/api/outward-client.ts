/** An organisation's own address and sender, over HTTP, by its owners. */
import type { Call } from "./call";
import {
  type HostShown,
  type SenderShown,
  type Senders,
  type SenderWanted,
  type TrialSent,
  shapes,
} from "./outward";

export type * from "./outward";

export function createOutwardApi(call: Call) {
  const at = (org: string, ...path: string[]) =>
    ["/api/orgs", ...[org, ...path].map(encodeURIComponent)].join("/");
  return {
    hosts: (org: string) => call<HostShown[]>("GET", at(org, "hosts"), [shapes.HostShown]),
    addHost: (org: string, host: string) =>
      call<HostShown>("POST", at(org, "hosts"), shapes.HostShown, { host }),
    checkHost: (org: string, host: string) =>
      call<HostShown>("POST", at(org, "hosts", host, "check"), shapes.HostShown),
    removeHost: (org: string, host: string) => call<null>("DELETE", at(org, "hosts", host), "nothing"),
    sender: (org: string) => call<Senders>("GET", at(org, "sender"), shapes.Senders),
    chooseSender: (org: string, wanted: SenderWanted) =>
      call<SenderShown>("PUT", at(org, "sender"), shapes.SenderShown, wanted),
    dropSender: (org: string) => call<null>("DELETE", at(org, "sender"), "nothing"),
    checkSender: (org: string) => call<SenderShown>("POST", at(org, "sender", "check"), shapes.SenderShown),
    trySender: (org: string) => call<TrialSent>("POST", at(org, "sender", "test"), shapes.TrialSent),
  };
}

export type OutwardApi = ReturnType<typeof createOutwardApi>;
