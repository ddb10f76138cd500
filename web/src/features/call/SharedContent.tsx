import { useCallback } from "react";

import type { Rect } from "../../core/layout/tiles";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { useLook, useSession } from "../../ui/room/context";

import styles from "./Stage.module.css";

/** What somebody shares. Nothing is ever drawn on it; who shares stands in the top bar. */
export function SharedContent({ person, rect }: { person: Present; rect: Rect }) {
  const t = useT();
  const { pictures } = useSession().media;
  const { shareSize } = useLook();
  const hold = useCallback(
    (holder: HTMLElement | null) => {
      if (!holder) return undefined;
      const video = pictures.element(person.id, "screen");
      holder.append(video);
      void video.play().catch(() => undefined);
      return () => {
        if (video.parentElement === holder) video.remove();
      };
    },
    [pictures, person.id],
  );
  return (
    <figure
      ref={hold}
      className={styles.content}
      data-size={shareSize}
      // What does not fit scrolls, and a keyboard must be able to.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={shareSize === "actual" ? 0 : undefined}
      aria-label={t("call.share.of", { name: person.name })}
      style={{ transform: `translate(${rect.x}px, ${rect.y}px)`, width: rect.width, height: rect.height }}
    />
  );
}
