/** Two short tones through the chosen speaker, so that a person hears that they will hear. */
import { audioContext } from "./meter";

interface Sinkable {
  setSinkId?(id: string): Promise<void>;
}

export function canChooseSpeaker(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype;
}

/** Whatever keeps it from playing, the test is over then. A Firefox without a sound card never answers; then the test is over without a sound, as it should be. */
const RESUMED_WITHIN_MS = 500;

export async function testSpeaker(id: string | null): Promise<void> {
  const audio = audioContext();
  await Promise.race([audio.resume(), pause(RESUMED_WITHIN_MS)]);
  const out = audio.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = out.stream;
  const sinkable: Sinkable = element;
  if (id !== null) await sinkable.setSinkId?.(id).catch(() => undefined);
  const plays = await element.play().then(
    () => true,
    () => false,
  );
  if (plays) {
    const start = audio.currentTime + 0.05;
    chime(audio, out, 523.25, start);
    chime(audio, out, 659.25, start + 0.25);
    await pause(900);
  }
  element.pause();
  element.srcObject = null;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds);
  });
}

function chime(audio: AudioContext, out: AudioNode, hertz: number, at: number): void {
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.2, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  tone.connect(gain).connect(out);
  tone.start(at);
  tone.stop(at + 0.45);
}
