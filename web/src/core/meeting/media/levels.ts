/**
 * How loud everybody is. It changes many times a second, so it never passes through React: a tile listens for
 * its own person and writes an attribute and a CSS variable on its element.
 */
import { Emitter } from "../../store";

export interface Level {
  speaking: boolean;
  /** 0 to 1 */
  loudness: number;
}

const silence: Level = { speaking: false, loudness: 0 };

export class Levels {
  readonly #now = new Map<string, Level>();
  readonly #people = new Map<string, Emitter<Level>>();
  readonly #speakers = new Emitter<readonly string[]>();
  /** Only when somebody begins or ends speaking. */
  readonly onSpeakers = this.#speakers.listen;

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
    for (const person of touched) this.#people.get(person)?.emit(this.of(person));
    const speaking = this.speaking;
    if (before.join() !== speaking.join()) this.#speakers.emit(speaking);
  }

  listen(person: string, listener: (level: Level) => void): () => void {
    const own = this.#people.get(person) ?? new Emitter<Level>();
    this.#people.set(person, own);
    listener(this.of(person));
    return own.listen(listener);
  }
}
