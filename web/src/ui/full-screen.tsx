import { type ReactNode, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";

function subscribe(changed: () => void): () => void {
  document.addEventListener("fullscreenchange", changed);
  return () => document.removeEventListener("fullscreenchange", changed);
}

/** What fills the screen, when it is not the whole page: nothing outside of it is seen then. */
export function useAloneOnScreen(): Element | null {
  const element = useSyncExternalStore(subscribe, () => document.fullscreenElement);
  return element === document.documentElement ? null : element;
}

export function useIsFullScreen(): boolean {
  return useSyncExternalStore(subscribe, () => document.fullscreenElement !== null);
}

/** Goes along into whatever fills the screen: what must be seen is seen there too. */
export function AlwaysSeen({ children }: { children: ReactNode }) {
  const alone = useAloneOnScreen();
  return alone ? createPortal(children, alone) : children;
}
