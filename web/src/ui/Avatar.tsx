import { avatarColour, initials } from "../core/names";

import styles from "./Avatar.module.css";

export interface AvatarProps {
  /** Whose it is: the colour follows the id, so it survives a change of name. */
  id: string;
  name: string;
  /** The id of their picture. Until it is there, and where it is gone, there are initials. */
  picture?: string | null | undefined;
  size: 28 | 40 | 56 | 72;
}

/** Decoration: the name always stands beside it in words. */
export function Avatar({ id, name, picture, size }: AvatarProps) {
  return (
    <span
      className={styles.avatar}
      data-size={size}
      style={{ backgroundColor: avatarColour(id) }}
      // Drawn, not written: else they would be the first word of whatever the avatar stands in.
      data-initials={initials(name)}
      aria-hidden="true"
    >
      {picture && <img src={`/api/pictures/${picture}`} alt="" />}
    </span>
  );
}
