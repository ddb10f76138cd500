import { useSyncExternalStore } from "react";

/** What every store of core/ looks like from here. */
export interface Store<T> {
  get(): T;
  subscribe(listener: () => void): () => void;
}

/** A core store, rendered. The value changes by identity only. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
