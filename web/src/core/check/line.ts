/** What a try of the line found, and what it means. Pure: `line-edge.ts` does the trying. */

export type Report = Readonly<Record<string, unknown>>;

/** How the media went, over some seconds. */
export interface Leg {
  rttMs: number | undefined;
  /** Of what was sent, 0 to 1; undefined until the other side has said. */
  loss: number | undefined;
}

/** null = it was tried and nothing came through. */
export interface Paths {
  udp: Leg | null;
  tcp: Leg | null;
}

export type LineFound =
  /** The server of this page didn't answer. */
  | { at: "unreachable" }
  | { at: "refused"; retryAfterS: number | undefined }
  /** The page came, and the connection that a call begins with did not: a proxy without WebSockets. */
  | { at: "no-signal" }
  | ({ at: "tried" } & Paths);

export type Verdict =
  "good" | "slow" | "lossy" | "tcp-only" | "udp-only" | "blocked" | "no-signal" | "unreachable" | "refused";

/** From here on people begin to talk into each other. */
export const SLOW_MS = 300;
/** From here on words begin to be missing. */
export const LOSSY = 0.05;

export function verdictOf(found: LineFound): Verdict {
  if (found.at !== "tried") return found.at;
  const { udp, tcp } = found;
  const used = udp ?? tcp;
  if (!used) return "blocked";
  if ((used.loss ?? 0) >= LOSSY) return "lossy";
  if ((used.rttMs ?? 0) >= SLOW_MS) return "slow";
  if (!udp) return "tcp-only";
  return tcp ? "good" : "udp-only";
}

/** What a sender's statistics say of its way: over which protocol, how long, how much was lost. */
export function pathOf(reports: Iterable<Report>): { protocol: "udp" | "tcp" | undefined; leg: Leg } {
  const all = new Map([...reports].map((report) => [String(report["id"]), report]));
  let protocol: "udp" | "tcp" | undefined;
  const leg: Leg = { rttMs: undefined, loss: undefined };
  let sent = 0;
  let lost: number | undefined;
  for (const report of all.values()) {
    if (isUsed(report, all)) {
      protocol = readProtocol(all.get(String(report["localCandidateId"])));
      leg.rttMs = inMs(report["currentRoundTripTime"]);
    }
    if (report["type"] === "outbound-rtp") sent += number(report["packetsSent"]);
    if (report["type"] === "remote-inbound-rtp")
      lost = (lost ?? 0) + Math.max(0, number(report["packetsLost"]));
  }
  if (lost !== undefined && sent > 0) leg.loss = Math.min(1, lost / sent);
  return { protocol, leg };
}

/** A pair may have been nominated and left again: where the transport names the one in use, that one counts. */
function isUsed(report: Report, all: ReadonlyMap<string, Report>): boolean {
  if (report["type"] !== "candidate-pair") return false;
  const named = [...all.values()].map((each) => each["selectedCandidatePairId"]).filter(Boolean);
  if (named.length > 0) return named.includes(report["id"]);
  return report["nominated"] === true && report["state"] === "succeeded";
}

function readProtocol(candidate: Report | undefined): "udp" | "tcp" | undefined {
  const said = candidate?.["protocol"];
  return said === "udp" || said === "tcp" ? said : undefined;
}

function inMs(seconds: unknown): number | undefined {
  return typeof seconds === "number" ? Math.round(seconds * 1000) : undefined;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
