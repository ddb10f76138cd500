/** What one person's line did during a meeting, for the page after it. Pure; stays on this device. */
import type { Measured } from "../journey/room";

export class Measuring {
  #outages = 0;
  #lostMs = 0;
  #weakMs = 0;
  #weakSince: number | undefined;

  outage(milliseconds: number): void {
    this.#outages += 1;
    this.#lostMs += milliseconds;
  }

  weak(isWeak: boolean, now: number): void {
    if (this.#weakSince !== undefined) this.#weakMs += now - this.#weakSince;
    this.#weakSince = isWeak ? now : undefined;
  }

  sum(now: number): Measured {
    this.weak(this.#weakSince !== undefined, now);
    return { outages: this.#outages, lostMs: this.#lostMs, weakMs: this.#weakMs };
  }
}
