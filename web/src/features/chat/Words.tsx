import { useMemo } from "react";

import { pieces } from "../../core/links";

import styles from "./chat.module.css";

/** What somebody wrote, with its addresses to press. The page behind a link learns nothing of this one. */
export function Words({ text }: { text: string }) {
  const parts = useMemo(() => pieces(text), [text]);
  return parts.map((part, index) =>
    part.kind === "text" ? (
      part.text
    ) : (
      // An address is read from left to right, whatever is written around it. The same text has the same parts.
      <a
        // oxlint-disable-next-line react/no-array-index-key
        key={index}
        className={styles.link}
        href={part.text}
        target="_blank"
        rel="noopener noreferrer"
        dir="ltr"
      >
        {part.text}
      </a>
    ),
  );
}
