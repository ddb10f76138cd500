/**
 * What to tell a person about the line: one thing at a time, the gravest first. Pure: facts and the time in,
 * one state out, with the time at which to look again.
 */

export interface Facts {
  online: boolean;
  /** The server answers nothing at all: neither the channel nor a new join. */
  unreachable: boolean;
  /** The server said it is about to restart. */
  restarting: boolean;
  /** The page's own code for sound and pictures could not be loaded yet. */
  missing: boolean;
  channel: boolean;
  media: boolean;
  /** The server is reached, and by no way that media could go. */
  blocked: boolean;
  /** Since when each is as it is. */
  channelSince: number;
  mediaSince: number;
  /** Both have been up at least once. */
  everIn: boolean;
  startedAt: number;
  /** The last interruption of media that is over. */
  outage?: { from: number; to: number };
}

export type Line =
  | { kind: "good" }
  | { kind: "connecting" }
  | { kind: "slow" } // N1
  | { kind: "missing" }
  | { kind: "reconnecting" } // N4
  | { kind: "back"; seconds: number } // N5
  | { kind: "offline" } // N7
  | { kind: "blocked" } // N8
  | { kind: "server-down" } // N9
  | { kind: "restarting" } // N10
  | { kind: "control-away" }; // N11

const SLOW_AFTER_MS = 4000;
/**
 * A channel that blinks while media flows is nobody's business. Where the whole server is gone, media takes some
 * three seconds to find out: "you can keep talking" must not be said before.
 */
const CONTROL_AWAY_AFTER_MS = 5000;
const SERVER_DOWN_AFTER_MS = 6000;
const BACK_SHOWN_MS = 4000;

export function lineOf(facts: Facts, now: number): Line {
  if (!facts.everIn) return opening(facts, now);
  if (!facts.media) return interrupted(facts, now);
  if (!facts.channel) {
    return now - facts.channelSince >= CONTROL_AWAY_AFTER_MS ? { kind: "control-away" } : { kind: "good" };
  }
  const { outage } = facts;
  if (outage && now - outage.to < BACK_SHOWN_MS) {
    return { kind: "back", seconds: Math.max(1, Math.round((outage.to - outage.from) / 1000)) };
  }
  return { kind: "good" };
}

function opening(facts: Facts, now: number): Line {
  if (!facts.online) return { kind: "offline" };
  if (facts.unreachable && now - facts.startedAt >= SERVER_DOWN_AFTER_MS) return { kind: "server-down" };
  if (facts.missing) return { kind: "missing" };
  if (facts.blocked) return { kind: "blocked" };
  return now - facts.startedAt >= SLOW_AFTER_MS ? { kind: "slow" } : { kind: "connecting" };
}

function interrupted(facts: Facts, now: number): Line {
  if (!facts.online) return { kind: "offline" };
  if (facts.restarting) return { kind: "restarting" };
  if (facts.unreachable && now - facts.mediaSince >= SERVER_DOWN_AFTER_MS) return { kind: "server-down" };
  return { kind: facts.blocked ? "blocked" : "reconnecting" };
}

/** When the same facts will say something else; undefined = never. */
export function nextLook(facts: Facts, now: number): number | undefined {
  const times = [
    facts.startedAt + SLOW_AFTER_MS,
    facts.startedAt + SERVER_DOWN_AFTER_MS,
    facts.mediaSince + SERVER_DOWN_AFTER_MS,
    facts.channelSince + CONTROL_AWAY_AFTER_MS,
    facts.outage ? facts.outage.to + BACK_SHOWN_MS : now,
  ].filter((time) => time > now);
  return times.length > 0 ? Math.min(...times) : undefined;
}
