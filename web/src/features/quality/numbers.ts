/** What a browser's statistics say of the last seconds, as numbers and as a reason. Pure. */
export type Report = Readonly<Record<string, unknown>>;

/** Counters as they stand; two of them make a span. */
export interface Counters {
  at: number;
  sent: { packets: number; bytes: number; lost: number; rttMs: number | undefined; protocol: string };
  received: Readonly<
    Record<
      string,
      { packets: number; lost: number; bytes: number; gaps: number; samples: number; frozen: number }
    >
  >;
}

export interface Span {
  rttMs: number | undefined;
  protocol: string;
  /** Of what one sent, 0 to 1. */
  sendLoss: number;
  sendKbps: number;
  receiveKbps: number;
  /** Of what came from each, 0 to 1; and how much of their sound had to be made up. */
  people: Readonly<Record<string, { loss: number; gaps: number; frozen: number }>>;
}

/** @param received the reports of each person's receivers */
export function counted(
  sent: Iterable<Report>,
  received: ReadonlyMap<string, readonly Report[]>,
  at: number,
): Counters {
  const counters = { packets: 0, bytes: 0, lost: 0, rttMs: undefined as number | undefined, protocol: "" };
  const reports = new Map([...sent].map((report) => [String(report["id"]), report]));
  for (const report of reports.values()) {
    if (report["type"] === "outbound-rtp") {
      counters.packets += number(report["packetsSent"]);
      counters.bytes += number(report["bytesSent"]);
    }
    if (report["type"] === "remote-inbound-rtp") counters.lost += Math.max(0, number(report["packetsLost"]));
    if (report["type"] === "candidate-pair" && report["nominated"] === true) {
      counters.rttMs = Math.round(number(report["currentRoundTripTime"]) * 1000);
      counters.protocol = String(reports.get(String(report["localCandidateId"]))?.["protocol"] ?? "");
    }
  }
  return {
    at,
    sent: counters,
    received: Object.fromEntries([...received].map(([id, theirs]) => [id, arrived(theirs)])),
  };
}

function arrived(reports: readonly Report[]) {
  const sum = { packets: 0, lost: 0, bytes: 0, gaps: 0, samples: 0, frozen: 0 };
  for (const report of reports) {
    if (report["type"] !== "inbound-rtp") continue;
    sum.packets += number(report["packetsReceived"]);
    sum.lost += Math.max(0, number(report["packetsLost"]));
    sum.bytes += number(report["bytesReceived"]);
    // What is made up in a pause is no gap.
    sum.gaps += number(report["concealedSamples"]) - number(report["silentConcealedSamples"]);
    sum.samples += number(report["totalSamplesReceived"]);
    sum.frozen += number(report["freezeCount"]);
  }
  return sum;
}

/** Between two readings. What has begun anew meanwhile has no past. */
export function between(before: Counters, now: Counters): Span {
  const ms = Math.max(1, now.at - before.at);
  const people = Object.entries(now.received).map(([id, theirs]) => {
    const was = before.received[id] ?? theirs;
    const packets = grown(was.packets, theirs.packets);
    const lost = grown(was.lost, theirs.lost);
    const gaps = share(grown(was.gaps, theirs.gaps), grown(was.samples, theirs.samples));
    const bytes = grown(was.bytes, theirs.bytes);
    return { id, bytes, loss: share(lost, packets + lost), gaps, frozen: grown(was.frozen, theirs.frozen) };
  });
  return {
    rttMs: now.sent.rttMs,
    protocol: now.sent.protocol,
    sendLoss: share(grown(before.sent.lost, now.sent.lost), grown(before.sent.packets, now.sent.packets)),
    sendKbps: Math.round((grown(before.sent.bytes, now.sent.bytes) * 8) / ms),
    receiveKbps: Math.round((people.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / ms),
    people: Object.fromEntries(people.map(({ id, loss, gaps, frozen }) => [id, { loss, gaps, frozen }])),
  };
}

/** Why it is as it is, the gravest first. `theirs`: the line of single people; `either`: nobody can say whose. */
export type Reason = "good" | "slow" | "up" | "down" | "theirs" | "either" | "tcp";

const LOSS = 0.03;
const GAPS = 0.05;
const SLOW_MS = 300;

/** @param weak whose line is, as the server sees it from its end; `me` is one of them where it is one's own */
export function reasonOf(
  { rttMs = 0, protocol, sendLoss, people }: Span,
  weak: ReadonlySet<string>,
  me: string,
): { reason: Reason; who: string[] } {
  const all = Object.entries(people);
  const bad = all.filter(([, { loss, gaps }]) => loss > LOSS || gaps > GAPS).map(([id]) => id);
  if (sendLoss > LOSS) return { reason: "up", who: [] };
  const isTheirs = !weak.has(me) && bad.every((id) => weak.has(id));
  if (bad.length > 1 && !isTheirs) return { reason: "down", who: bad };
  if (rttMs > SLOW_MS) return { reason: "slow", who: [] };
  if (bad.length > 0 && (isTheirs || all.length > 1)) return { reason: "theirs", who: bad };
  // Nobody else is there to compare with.
  if (bad.length === 1) return { reason: weak.has(me) ? "down" : "either", who: bad };
  return { reason: protocol === "tcp" ? "tcp" : "good", who: [] };
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function grown(before: number, now: number): number {
  return Math.max(0, now - before);
}

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}
