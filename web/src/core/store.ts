/** How one part tells another that something changed (`Store`) or happened (`Emitter`). There is no other way. */

/** A value that is read and watched. */
export interface Readable<T> {
  get(): T;
  /** @returns what ends it */
  subscribe(listener: () => void): () => void;
}

/** What happens once and leaves no value behind. */
export class Emitter<T> {
  readonly #listeners = new Set<(happened: T) => void>();

  emit(happened: T): void {
    for (const listener of this.#listeners) listener(happened);
  }

  /** @returns what ends it */
  listen = (listener: (happened: T) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** A value that changes and tells. The reader compares with `Object.is`: a change is a new value. */
export class Store<T> implements Readable<T> {
  readonly #changed = new Emitter<void>();
  #value: T;

  constructor(initial: T) {
    this.#value = initial;
  }

  get = (): T => this.#value;

  set(next: T): void {
    if (Object.is(next, this.#value)) return;
    this.#value = next;
    this.#changed.emit();
  }

  update(change: (value: T) => T): void {
    this.set(change(this.#value));
  }

  subscribe = (listener: () => void): (() => void) => this.#changed.listen(listener);
}
