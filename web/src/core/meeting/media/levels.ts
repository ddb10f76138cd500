/**
 * How loud everybody is. It changes many times a second, so it never passes through React: a tile listens for
 * its own person and writes an attribute and a CSS variable on its element.
 */
export interface Level {
  speaking: boolean;
  /** 0 to 1 */
  loudness: number;
}

export const silence: Level = { speaking: false, loudness: 0 };

export class Levels {
  readonly #now = new Map<string, Level>();
  readonly #listeners = new Map<string, Set<(level: Level) => void>>();
  readonly #everyone = new Set<(speaking: readonly string[]) => void>();

  of(person: string): Level {
    return this.#now.get(person) ?? silence;
  }

  get speaking(): string[] {
    return [...this.#now.keys()];
  }

  /** Who speaks at this moment; everybody else is silent. */
  set(levels: ReadonlyMap<string, number>): void {
    const before = this.speaking;
    const touched = new Set([...before, ...levels.keys()]);
    this.#now.clear();
    for (const [person, loudness] of levels) this.#now.set(person, { speaking: true, loudness });
    for (const person of touched) {
      for (const listener of this.#listeners.get(person) ?? []) listener(this.of(person));
    }
    const speaking = this.speaking;
    if (before.join() !== speaking.join()) for (const listener of this.#everyone) listener(speaking);
  }

  listen(person: string, listener: (level: Level) => void): () => void {
    const set = this.#listeners.get(person) ?? new Set();
    this.#listeners.set(person, set.add(listener));
    listener(this.of(person));
    return () => {
      set.delete(listener);
      if (set.size === 0) this.#listeners.delete(person);
    };
  }

  /** Only when somebody begins or ends speaking. */
  onSpeakers(listener: (speaking: readonly string[]) => void): () => void {
    this.#everyone.add(listener);
    return () => {
      this.#everyone.delete(listener);
    };
  }
}
