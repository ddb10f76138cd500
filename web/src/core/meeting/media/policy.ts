/**
 * When livekit-client may try again by itself. Few and quick tries: they mend a lost socket while the media
 * still flows. After them it gives up, and `media.ts` asks the meeting for a fresh join, by HTTP, as often as
 * it takes: a browser slows down pages that open many failing WebSockets, but not their requests.
 */
import type { ReconnectContext, ReconnectPolicy } from "livekit-client";

const DELAYS_MS = [0, 300, 600, 900] as const;

export function reconnectPolicy(random: () => number): ReconnectPolicy {
  return {
    nextRetryDelayInMs({ retryCount }: ReconnectContext): number | null {
      const delay = DELAYS_MS[retryCount];
      return delay === undefined ? null : delay + Math.round(random() * 200);
    },
  };
}
