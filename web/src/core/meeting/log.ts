/**
 * The meeting as this person may see it: a fold over the log, the same `evolve` as on the server, one state a
 * feature. Every event goes to every feature, so that "the hand goes down when its owner leaves" is one branch
 * of `evolve` and not a call between features.
 */
import { Emitter, Store } from "../store";
import type { LogEvent, Payload, Welcome } from "./wire";

export interface LogFeature<State> {
  /** As on the server: its part of the snapshot has this name. */
  name: string;
  initial: State;
  /** From its own part of a snapshot; the whole is there for who needs to know the people's names. */
  restore(own: Payload, whole: Payload): State;
  /** Total: replays every event there ever was, and returns the same state when nothing changes. */
  evolve(state: State, event: LogEvent): State;
}

interface Fold {
  store: Store<unknown>;
  restore(welcome: Welcome): void;
  evolve(event: LogEvent): void;
}

export class MeetingLog {
  readonly #folds = new Map<string, Fold>();
  readonly #events = new Emitter<LogEvent>();
  /** For what happens once and leaves no state: a sound, a word, a reaction. Not called for snapshots. */
  readonly onEvent = this.#events.listen;

  constructor(features: readonly LogFeature<never>[]) {
    for (const feature of features) this.#folds.set(feature.name, fold(feature as LogFeature<unknown>));
  }

  /** The state of one feature, as a store. */
  of<State>(feature: LogFeature<State>): Store<State> {
    const found = this.#folds.get(feature.name);
    if (!found) throw new Error(`the meeting log was made without ${feature.name}`);
    return found.store as Store<State>;
  }

  restore(welcome: Welcome): void {
    for (const each of this.#folds.values()) each.restore(welcome);
  }

  append(event: LogEvent): void {
    for (const each of this.#folds.values()) each.evolve(event);
    this.#events.emit(event);
  }
}

function fold(feature: LogFeature<unknown>): Fold {
  const store = new Store(feature.initial);
  return {
    store,
    restore({ snapshot }) {
      const own = snapshot[feature.name];
      const part = typeof own === "object" && own !== null ? (own as Payload) : {};
      store.set(feature.restore(part, snapshot));
    },
    evolve(event) {
      store.set(feature.evolve(store.get(), event));
    },
  };
}
