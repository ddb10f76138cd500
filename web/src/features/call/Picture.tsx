import type { Source } from "../../core/meeting/media/pictures";

import { useHold } from "./hold";
import styles from "./Tile.module.css";

/** A person's picture, over whatever stands for them without one. */
export function Picture({ person, source, shown }: { person: string; source: Source; shown: boolean }) {
  const hold = useHold(person, source);
  return <div ref={hold} className={styles.picture} data-shown={shown || undefined} />;
}
