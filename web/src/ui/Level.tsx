import { startMeter } from "../core/devices/meter";

import styles from "./Level.module.css";

/** Five bars that follow the voice through a CSS variable; React draws them once. */
export function Level({ track }: { track: MediaStreamTrack }) {
  return (
    <span
      className={styles.level}
      aria-hidden="true"
      ref={(bars) => (bars ? follow(bars, track) : undefined)}
    >
      {[0, 1, 2, 3, 4].map((bar) => (
        <span key={bar} className={styles.bar} />
      ))}
    </span>
  );
}

function follow(bars: HTMLElement, track: MediaStreamTrack): () => void {
  return startMeter(track, (level) => bars.style.setProperty("--level", String(Math.ceil(level * 5))));
}
