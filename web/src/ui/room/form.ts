/** The three shapes of the room: a desktop window, a phone upright, a phone on its side. */
import { useSyncExternalStore } from "react";

export type Form = "desktop" | "portrait" | "landscape";

const LANDSCAPE = "(max-height: 479px) and (min-aspect-ratio: 5/4)";
const PORTRAIT = "(max-width: 599px)";

/** Small phones, and a desktop page at 400 %: what has a place in More is there. */
export const TINY = "(max-width: 383px), (max-height: 379px)";

export function useForm(): Form {
  const isLandscape = useMedia(LANDSCAPE);
  const isPortrait = useMedia(PORTRAIT);
  return isLandscape ? "landscape" : isPortrait ? "portrait" : "desktop";
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}
