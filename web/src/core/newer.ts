/**
 * A page that was left open while its server became another: it is fetched anew, at a moment that costs nobody anything.
 *
 * Law: never in a meeting or before its door, and never over something typed. It is asked when somebody comes back to the
 * page, at most once in ten minutes; a server that doesn't answer is no news.
 */

const ASK_EVERY_MS = 600_000;

export interface PageEdges {
  now(): number;
  /** The server's page, as text; rejects where there is none. */
  fetchPage(): Promise<string>;
  /** Addresses of the scripts this page was made of. */
  scripts: readonly string[];
  /** Whether nothing would be lost. */
  isIdle(): boolean;
  reload(): void;
}

/** @returns to be called whenever somebody comes back to the page or turns from it */
export function createNewer({ now, fetchPage, scripts, isIdle, reload }: PageEdges): () => Promise<void> {
  let [isOld, askedAt] = [false, now()];

  async function ask(): Promise<void> {
    if (isOld || now() - askedAt < ASK_EVERY_MS) return;
    askedAt = now();
    const page = await fetchPage().catch(() => null);
    isOld = page !== null && scripts.some((address) => !page.includes(address));
  }
  return async () => {
    await ask();
    if (isOld && isIdle()) reload();
  };
}
