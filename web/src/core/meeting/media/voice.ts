/**
 * D9: somebody speaks while their microphone is muted. Heard on this device alone, by a second ear on the same
 * microphone that nothing is sent from; noise alone is never taken for a voice.
 */
import { audioContext } from "../../devices/meter";

const PERIOD_MS = 100;
/** Of the last second, this much must be voiced. */
const WINDOW = 10;
const VOICED = 5;
const SAID_AGAIN_AFTER_MS = 60_000;
/** Whoever is muted in mid-sentence ends it: a host's mute has been told, one's own was meant. */
const SENTENCE_MS = 4_000;

const QUIET_DB = -50;
const LOWEST_HZ = 80;
const HIGHEST_HZ = 400;
/** How much a sound must resemble itself one period later, and how little in between. */
const ALIKE = 0.6;
const UNLIKE = 0.3;

/** Says it once a minute at most. Pure. */
export class Talking {
  #heard: boolean[] = [];
  #saidAt = Number.NEGATIVE_INFINITY;
  #from = 0;

  /** @returns whether to say now that nobody hears this */
  hear(voiced: boolean, now: number): boolean {
    this.#heard = [...this.#heard, voiced].slice(-WINDOW);
    const isTalking = this.#heard.filter(Boolean).length >= VOICED;
    if (!isTalking || now < this.#from || now - this.#saidAt < SAID_AGAIN_AFTER_MS) return false;
    this.#saidAt = now;
    return true;
  }

  /** What was heard before the mute was meant for everybody. */
  muted(now: number): void {
    this.#heard = [];
    this.#from = now + SENTENCE_MS;
  }
}

/** Whether a twentieth of a second sounds like a voice: loud enough, and with a pitch. Pure. */
export function isVoiced(samples: Float32Array, rate: number): boolean {
  const step = Math.max(1, Math.round(rate / 12_000));
  const heard = thinned(samples, step);
  const energy = heard.reduce((sum, sample) => sum + sample * sample, 0);
  if (10 * Math.log10(energy / heard.length) < QUIET_DB) return false;
  const pace = rate / step;
  const longest = Math.min(Math.ceil(pace / LOWEST_HZ), heard.length - 1);
  let hasDipped = false;
  for (let lag = 4; lag <= longest; lag += 1) {
    const alike = likeness(heard, lag);
    if (alike < UNLIKE) hasDipped = true;
    // Any low hum is like itself a moment later; a voice is unlike itself first.
    else if (hasDipped && alike > ALIKE && lag >= pace / HIGHEST_HZ) return true;
  }
  return false;
}

function thinned(samples: Float32Array, step: number): Float32Array {
  const thin = new Float32Array(Math.floor(samples.length / step));
  for (let i = 0; i < thin.length; i += 1) {
    let sum = 0;
    for (let j = 0; j < step; j += 1) sum += samples[i * step + j] ?? 0;
    thin[i] = sum / step;
  }
  return thin;
}

function likeness(samples: Float32Array, lag: number): number {
  let both = 0;
  let early = 0;
  let late = 0;
  for (let i = 0; i + lag < samples.length; i += 1) {
    const a = samples[i] ?? 0;
    const b = samples[i + lag] ?? 0;
    both += a * b;
    early += a * a;
    late += b * b;
  }
  return both / (Math.sqrt(early * late) || 1);
}

/** @param microphone is muted; what listens is a copy of it. @returns what ends the listening and closes the copy */
export function listenForVoice(
  microphone: MediaStreamTrack,
  talking: Talking,
  onTalk: () => void,
): () => void {
  const ear = microphone.clone();
  ear.enabled = true;
  const audio = audioContext();
  const source = audio.createMediaStreamSource(new MediaStream([ear]));
  const analyser = audio.createAnalyser();
  analyser.fftSize = 2048;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  talking.muted(performance.now());
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    if (talking.hear(isVoiced(samples, audio.sampleRate), performance.now())) onTalk();
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    source.disconnect();
    ear.stop();
  };
}
