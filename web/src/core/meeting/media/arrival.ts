/**
 * Whether what the microphone sends comes in at the server: its receiver reports say so. It says nothing of how
 * loud it is, and nothing of anybody else's speakers. Pure.
 */
export interface Reading {
  /** Packets sent so far. */
  sent: number;
  /** When the last report of the other side came; undefined before the first. */
  reportedAt: number | undefined;
  /** Of what was sent between its last two reports, 0 to 1. */
  lost: number;
}

export type Arrival = "unknown" | "arrives" | "gaps" | "lost";

/** So long must it be bad before it is said. */
const BAD_FOR_MS = 5000;
const GAPS_FROM = 0.3;

export class Arrivals {
  #last: Reading | undefined;
  #freshAt: number | undefined;
  #gapsSince: number | undefined;
  #state: Arrival = "unknown";

  read(reading: Reading, now: number): Arrival {
    const before = this.#last;
    this.#last = reading;
    if (!before || reading.reportedAt !== before.reportedAt || reading.sent === before.sent) {
      this.#freshAt = now;
    }
    if (reading.lost < GAPS_FROM) this.#gapsSince = undefined;
    else this.#gapsSince ??= now;
    this.#state = this.#judge(reading, now);
    return this.#state;
  }

  #judge({ reportedAt }: Reading, now: number): Arrival {
    if (this.#freshAt !== undefined && now - this.#freshAt >= BAD_FOR_MS) return "lost";
    if (reportedAt === undefined) return "unknown";
    if (this.#gapsSince === undefined) return "arrives";
    return now - this.#gapsSince >= BAD_FOR_MS ? "gaps" : this.#state;
  }
}

/** What the sender's statistics say of it. */
export function readingOf(stats: Iterable<Record<string, unknown>>): Reading {
  const reading: Reading = { sent: 0, reportedAt: undefined, lost: 0 };
  for (const { type, packetsSent, timestamp, fractionLost } of stats) {
    if (type === "outbound-rtp") reading.sent = Number(packetsSent ?? 0);
    if (type === "remote-inbound-rtp")
      Object.assign(reading, { reportedAt: Number(timestamp), lost: Number(fractionLost ?? 0) });
  }
  return reading;
}
