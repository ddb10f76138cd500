/**
 * Whether this machine keeps up with making one's picture. Pure: what each frame took goes in, how much is done of it
 * comes out.
 *
 * - First the person is looked for less often: every second frame, then every fourth. Nobody sees that.
 * - Where even that takes longer than there is, it is given up, and its owner is told. It is not taken up again by
 *   itself: a picture that changes every few seconds is worse than one that stays.
 * - One long frame says nothing; three bad seconds do.
 */
export interface Pace {
  /** The person is looked for in each, every second, every fourth frame; 0 = no more. */
  readonly every: 1 | 2 | 4 | 0;
  readonly frames: number;
  readonly spentMs: number;
  /** Windows in a row that took too long. */
  readonly bad: number;
}

export const atFirst: Pace = { every: 1, frames: 0, spentMs: 0, bad: 0 };

const WINDOW = 30;
/** Parts of the time between two frames. */
const COMFORT = 0.4;
const STRAIN = 0.8;
const OVER = 1.5;
const GIVES_UP_AFTER = 3;

/** @param spentMs what one frame took @param betweenMs the time between two frames of the camera */
export function paced(pace: Pace, spentMs: number, betweenMs: number): Pace {
  const [frames, spent] = [pace.frames + 1, pace.spentMs + spentMs];
  if (frames < WINDOW) return { ...pace, frames, spentMs: spent };
  return judged(pace, spent / frames / betweenMs);
}

function judged({ every, bad }: Pace, load: number): Pace {
  const fresh = { frames: 0, spentMs: 0 };
  if (load < COMFORT) return { ...fresh, bad: 0, every: every === 4 ? 2 : every === 2 ? 1 : every };
  if (load < STRAIN || every === 0) return { ...fresh, bad: 0, every };
  if (every !== 4) return { ...fresh, bad: 0, every: every === 1 ? 2 : 4 };
  const again = load >= OVER ? bad + 1 : 0;
  return { ...fresh, bad: again, every: again >= GIVES_UP_AFTER ? 0 : 4 };
}
