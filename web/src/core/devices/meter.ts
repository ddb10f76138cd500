/**
 * How loud a microphone is, ten times a second, for a CSS variable. Never through React: a level is not state.
 * The page has one AudioContext, started by the first gesture if the browser wants one.
 */
const PERIOD_MS = 100;
/** What counts as silence and as loud, in dB below full scale. */
const FLOOR_DB = -60;
const CEILING_DB = -12;

let context: AudioContext | undefined;

export function audioContext(): AudioContext {
  if (!context) {
    context = new AudioContext({ latencyHint: "interactive" });
    // A phone call or a locked screen stops it: on an iPhone it is then neither running nor suspended.
    context.addEventListener("statechange", wake);
  }
  wake();
  return context;
}

function wake(): void {
  if (!context || context.state === "running" || context.state === "closed") return;
  const resume = () => void context?.resume().catch(() => undefined);
  resume();
  for (const gesture of ["pointerdown", "keydown"] as const)
    window.addEventListener(gesture, resume, { once: true, capture: true });
}

/** @returns a function that stops the meter; `write` gets 0…1 and, at the end, 0. */
export function startMeter(track: MediaStreamTrack, write: (level: number) => void): () => void {
  const audio = audioContext();
  const source = audio.createMediaStreamSource(new MediaStream([track]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (document.hidden) return;
    analyser.getFloatTimeDomainData(samples);
    write(toLevel(samples));
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    write(0);
  };
}

/** Root mean square on a decibel scale: 0 is silence, 1 is loud. */
export function toLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibel = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, (decibel - FLOOR_DB) / (CEILING_DB - FLOOR_DB)));
}
