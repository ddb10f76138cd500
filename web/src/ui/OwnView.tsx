import type { ReactNode } from "react";

import { Avatar } from "./Avatar";
import { Eye } from "./icons";
import styles from "./OwnView.module.css";

export interface OwnViewProps {
  name: string;
  /** One's own picture; without one there is the avatar. */
  picture: ReactNode;
  words: { onlyYou: string; off: string };
  /** Stands where the picture would be. */
  instead?: ReactNode;
}

/** Oneself before one is in: mirrored, as one knows oneself; what others see is not. */
export function OwnView({ name, picture, words, instead }: OwnViewProps) {
  if (instead) return <div className={styles.view}>{instead}</div>;
  const isShown = picture !== null;
  return (
    <div className={styles.view} data-live={isShown || undefined} data-self="">
      {isShown ? (
        <>
          <div className={styles.mirror}>{picture}</div>
          <p className={styles.plate}>
            <Eye size={14} strokeWidth={2} aria-hidden="true" />
            {words.onlyYou}
          </p>
        </>
      ) : (
        <div className={styles.nobody}>
          <Avatar id={name} name={name || "·"} size={72} />
          <p>{words.off}</p>
        </div>
      )}
    </div>
  );
}
