import { useCallback } from "react";

import type { Source } from "../../core/meeting/media/pictures";
import { useSession } from "../../ui/room/context";

/** For the `ref` of what holds a person's one video element. React moves the holder; the element is never made anew. */
export function useHold(
  person: string,
  source: Source,
): (holder: HTMLElement | null) => (() => void) | undefined {
  const { pictures } = useSession().media;
  return useCallback(
    (holder: HTMLElement | null) => {
      if (!holder) return undefined;
      const video = pictures.element(person, source);
      holder.append(video);
      // Taken out of the page and put back, a video pauses; some browsers never start it by themselves.
      void video.play().catch(() => undefined);
      return () => {
        if (video.parentElement === holder) video.remove();
      };
    },
    [pictures, person, source],
  );
}
