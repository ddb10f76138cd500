/** One camera's frames through the painter, one after the other, in the worker. */
import { atFirst, type Pace, paced } from "./pace";
import { type Frame, Painter, type Wanted } from "./painter";
import { needsMask } from "./look";
import type { Segment } from "./segmenter";

/** Faster cameras are asked for nothing more. */
const LEAST_BETWEEN_MS = 1000 / 30;

export class Stream {
  readonly #painter = new Painter();
  readonly #segment: () => Segment | undefined;
  readonly #gaveUp: () => void;
  #wanted: Wanted;
  #pace: Pace = atFirst;
  #count = 0;
  #last: number | undefined;
  #betweenMs = LEAST_BETWEEN_MS;

  constructor(wanted: Wanted, segment: () => Segment | undefined, gaveUp: () => void) {
    this.#wanted = wanted;
    this.#segment = segment;
    this.#gaveUp = gaveUp;
  }

  /** Chosen anew it is tried anew. */
  want(wanted: Wanted): void {
    if (wanted.background !== this.#wanted.background) this.#pace = atFirst;
    this.#wanted = wanted;
  }

  /** @param at when the camera gave it, in ms @returns where it is painted */
  take(frame: Frame, at: number): OffscreenCanvas {
    const from = performance.now();
    this.#follow(at);
    const segment = needsMask(this.#wanted) ? this.#segment() : undefined;
    const isDue = segment !== undefined && this.#pace.every > 0 && this.#count % this.#pace.every === 0;
    this.#count += 1;
    const small = isDue || this.#wanted.light ? this.#painter.reduce(frame) : undefined;
    if (isDue && small) {
      const found = segment(small, from);
      if (found) this.#painter.mask(found);
    }
    this.#painter.paint(frame, this.#wanted, small);
    if (segment) this.#spent(performance.now() - from);
    return this.#painter.canvas;
  }

  #follow(at: number): void {
    const between = this.#last === undefined ? 0 : at - this.#last;
    this.#last = at;
    if (between > 0 && between < 1000)
      this.#betweenMs = Math.max(LEAST_BETWEEN_MS, this.#betweenMs * 0.9 + between * 0.1);
  }

  #spent(ms: number): void {
    const before = this.#pace.every;
    this.#pace = paced(this.#pace, ms, this.#betweenMs);
    if (this.#pace.every !== 0 || before === 0) return;
    this.#painter.unmask();
    this.#gaveUp();
  }
}
