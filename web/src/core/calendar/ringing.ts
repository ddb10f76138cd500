/**
 * Listens for somebody who rings, as long as a page is open. One page of a browser asks and tells the others: a
 * connection that waits is one too many for every tab. Clock, lock and wire are arguments.
 */
import type { CalendarApi, Ring } from "../api/calendar-client";

/** One that was missed for longer than this is no ring any more. */
const FRESH_MS = 90_000;
const AWAY_MS = 15_000;

export interface RingingEdges {
  api: Pick<CalendarApi, "rings">;
  now(): number;
  wait(ms: number): Promise<void>;
}

/** @param heard each ring once @returns what ends it */
export function listenForRings({ api, now, wait }: RingingEdges, heard: (ring: Ring) => void): () => void {
  const over = new AbortController();
  void (async () => {
    let after = 0;
    while (!over.signal.aborted) {
      const answer = await api.rings(after);
      if (over.signal.aborted) return;
      // Signed out, or a server that is away: asked again, but not at once.
      if (answer.kind !== "ok") {
        await wait(AWAY_MS);
        continue;
      }
      for (const ring of answer.value.rings) {
        after = Math.max(after, ring.id);
        if (now() - Date.parse(ring.at) < FRESH_MS) heard(ring);
      }
    }
  })();
  return () => over.abort();
}

/** As long as the server lets it ring. */
const RINGS_MS = 60_000;

export interface RingScreen {
  /** @returns what takes it away: whether it was still there, unanswered. */
  rings(ring: Ring): () => boolean;
  missed(ring: Ring): void;
  /** They are at that meeting by now, by whatever way. */
  isThere(ring: Ring): boolean;
}

/** It rings for a minute. Who didn't answer finds that somebody rang, and when; nothing rings on for hours. */
export function showRing(
  ring: Ring,
  screen: RingScreen,
  now: number,
  after: (ms: number, run: () => void) => unknown,
): void {
  const takeAway = screen.rings(ring);
  after(Math.max(0, Date.parse(ring.at) + RINGS_MS - now), () => {
    if (takeAway() && !screen.isThere(ring)) screen.missed(ring);
  });
}
