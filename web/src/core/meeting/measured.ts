/** What one person's line did during a meeting, for the page after it. Pure; stays on this device. */
import type { Measured } from "../journey/room";

/** A meeting that ends takes the line along, and is told of a moment later. */
const ENDS_WITHIN_MS = 1000;

export class Measuring {
  #outages = 0;
  #lostMs = 0;
  #lostSince: number | undefined;
  #weakMs = 0;
  #weakSince: number | undefined;

  lost(isLost: boolean, now: number): void {
    if (isLost) {
      this.#lostSince ??= now;
    } else if (this.#lostSince !== undefined) {
      this.#outages += 1;
      this.#lostMs += now - this.#lostSince;
      this.#lostSince = undefined;
    }
  }

  weak(isWeak: boolean, now: number): void {
    if (this.#weakSince !== undefined) this.#weakMs += now - this.#weakSince;
    this.#weakSince = isWeak ? now : undefined;
  }

  sum(now: number): Measured {
    this.weak(this.#weakSince !== undefined, now);
    if (now - (this.#lostSince ?? now) >= ENDS_WITHIN_MS) this.lost(false, now);
    return { outages: this.#outages, lostMs: this.#lostMs, weakMs: this.#weakMs };
  }
}
