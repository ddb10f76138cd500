import { useSyncExternalStore } from "react";

import type { Readable } from "../core/store";

/** A store of core/, rendered. The value changes by identity only. */
export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** One value out of a store; the component renders again only when that value changes. */
export function useSelected<T, S>(store: Readable<T>, select: (value: T) => S): S {
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}
