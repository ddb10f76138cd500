/**
 * N2: when to tell somebody that their own line is weak. Pure: a nag helps nobody, so it is said once a minute at
 * most, and it goes after ten seconds of health.
 */
export interface Weakness {
  isWeak: boolean;
  /** Since when the line is as it is. */
  since: number;
  /** When it was last begun to be said. */
  saidAt: number | undefined;
  isShown: boolean;
}

export const strong: Weakness = { isWeak: false, since: 0, saidAt: undefined, isShown: false };

const GONE_AFTER_MS = 10_000;
const SAID_AGAIN_AFTER_MS = 60_000;

export function noticed(before: Weakness, isWeak: boolean, now: number): Weakness {
  const since = isWeak === before.isWeak ? before.since : now;
  const { saidAt } = before;
  if (before.isShown) {
    const isHealthy = !isWeak && now - since >= GONE_AFTER_MS;
    return { isWeak, since, saidAt, isShown: !isHealthy };
  }
  const mayBeSaid = saidAt === undefined || now - saidAt >= SAID_AGAIN_AFTER_MS;
  return isWeak && mayBeSaid
    ? { isWeak, since, saidAt: now, isShown: true }
    : { isWeak, since, saidAt, isShown: false };
}

/** When the same line will say something else; undefined = never. */
export function nextNotice({ isWeak, since, saidAt, isShown }: Weakness): number | undefined {
  if (isShown) return isWeak ? undefined : since + GONE_AFTER_MS;
  return isWeak && saidAt !== undefined ? saidAt + SAID_AGAIN_AFTER_MS : undefined;
}
