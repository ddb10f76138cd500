/** Short tones of our own, made on the spot: no file to fetch. A browser that holds sound back plays nothing. */
import { audioContext } from "./meter";

/**
 * Frequency and when it begins, in seconds. Going up: come in, or somebody comes; going down: somebody goes. Twice the same:
 * somebody is at the door. What happens often is one tone.
 */
const tones = {
  let_in: [
    [523.25, 0],
    [659.25, 0.16],
    [783.99, 0.32],
  ],
  knock: [
    [587.33, 0],
    [587.33, 0.2],
  ],
  join: [
    [440, 0],
    [587.33, 0.12],
  ],
  leave: [
    [587.33, 0],
    [440, 0.12],
  ],
  hand: [
    [659.25, 0],
    [880, 0.14],
  ],
  message: [[880, 0]],
  share: [
    [392, 0],
    [523.25, 0.12],
    [523.25, 0.24],
  ],
} as const;

export function signal(kind: keyof typeof tones): void {
  try {
    const audio = audioContext();
    const start = audio.currentTime + 0.02;
    for (const [hertz, at] of tones[kind]) tone(audio, hertz, start + at);
  } catch {
    // A browser without sound; what it would say is on the screen too.
  }
}

function tone(audio: AudioContext, hertz: number, at: number): void {
  const source = audio.createOscillator();
  const gain = audio.createGain();
  source.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.15, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.35);
  source.connect(gain).connect(audio.destination);
  source.start(at);
  source.stop(at + 0.4);
}
