/** D7: a microphone that is on and gives no sound at all, for eight seconds after it was opened or chosen. */
import { audioContext, startMeter } from "../../devices/meter";

const SILENT_AFTER_MS = 8000;

/** Counts only while the microphone is on. Pure. */
export class Silence {
  #since: number | undefined;

  /** @returns what is known after this level: some sound, silence for too long, or nothing yet */
  hear(level: number, isOn: boolean, now: number): "sound" | "silent" | "unknown" {
    if (!isOn) {
      this.#since = undefined;
      return "unknown";
    }
    if (level > 0) return "sound";
    this.#since ??= now;
    return now - this.#since >= SILENT_AFTER_MS ? "silent" : "unknown";
  }
}

/** Listens until the first sound, then no more. @returns a function that stops it early */
export function awaitSound(
  track: MediaStreamTrack,
  isOn: () => boolean,
  tell: (known: "sound" | "silent") => void,
): () => void {
  const silence = new Silence();
  let isOver = false;
  let told: string | undefined;
  const stop = startMeter(track, (level) => {
    if (isOver) return;
    // A page that may not run audio yet hears nothing, whatever the microphone gives.
    const counts = isOn() && audioContext().state === "running";
    const known = silence.hear(level, counts, performance.now());
    if (known === "unknown" || known === told) return;
    told = known;
    if (known === "sound") finish();
    tell(known);
  });
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    stop();
  };
  return finish;
}
