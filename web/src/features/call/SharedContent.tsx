import type { Rect } from "../../core/layout/tiles";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";

import { useHold } from "./hold";
import styles from "./Stage.module.css";
import { useViewing } from "./viewing";

/** What somebody shares. Nothing is ever drawn on it; who shares stands in the top bar. */
export function SharedContent({ person, rect }: { person: Present; rect: Rect }) {
  const t = useT();
  const { shareSize } = useViewing();
  const hold = useHold(person.id, "screen");
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
