import { useCallback } from "react";

import type { Source } from "../../core/meeting/media/pictures";
import { useSession } from "../../ui/room/context";

import styles from "./Tile.module.css";

/** Holds a person's one video element. React moves the holder; the element itself is never made anew. */
export function Picture({ person, source, shown }: { person: string; source: Source; shown: boolean }) {
  const { pictures } = useSession().media;
  const hold = useCallback(
    (holder: HTMLDivElement | null) => {
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
  return <div ref={hold} className={styles.picture} data-shown={shown || undefined} />;
}
