/**
 * A part of the page that is fetched when it is wanted: once, and again when fetching failed. A broken line costs a
 * moment, not the page; whoever waits is told `failed` and may ask once more.
 */
import { Store } from "./store";

export type Arrival<T> = { at: "idle" | "coming" | "failed" } | { at: "here"; part: T };

/** Between the tries of one `fetch`. A server that restarts is back within these. */
const PAUSES_MS: readonly number[] = [400, 1600];

export class Chunk<T> {
  readonly arrival = new Store<Arrival<T>>({ at: "idle" });
  readonly #load: () => Promise<T>;
  readonly #pause: (ms: number) => Promise<void>;
  #fetching: Promise<T> | undefined;

  constructor(load: () => Promise<T>, pause: (ms: number) => Promise<void> = sleep) {
    this.#load = load;
    this.#pause = pause;
  }

  /** Rejects when the last try has failed; the next call begins anew. */
  fetch(): Promise<T> {
    this.#fetching ??= this.#fetch();
    return this.#fetching;
  }

  /** Fetched ahead of its time: that it failed is told to whoever wants it then. */
  preload(): void {
    this.fetch().catch(() => undefined);
  }

  async #fetch(): Promise<T> {
    this.arrival.set({ at: "coming" });
    try {
      const part = await this.#insist();
      this.arrival.set({ at: "here", part });
      return part;
    } catch (error) {
      this.#fetching = undefined;
      this.arrival.set({ at: "failed" });
      throw error;
    }
  }

  async #insist(): Promise<T> {
    for (const pause of PAUSES_MS) {
      try {
        return await this.#load();
      } catch {
        await this.#pause(pause);
      }
    }
    return this.#load();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, ms));
}
