/** A few seconds of sound, kept in memory, looked into, played once through the chosen speaker, and forgotten. */
import { toLevel } from "../devices/meter";

import type { Recorder } from "./loop";

const RATE = 48_000;
/** A voice is far above it, and what a line makes of silence far below. */
const PERIOD = RATE / 10;

export function recorder(track: MediaStreamTrack): Recorder {
  // Chromium takes nothing from a track of another's sound that no element plays.
  const pull = new Audio();
  pull.muted = true;
  pull.srcObject = new MediaStream([track]);
  void pull.play().catch(() => undefined);
  const recording = new MediaRecorder(new MediaStream([track]));
  const parts: Blob[] = [];
  recording.addEventListener("dataavailable", ({ data }) => void parts.push(data));
  recording.start();
  return {
    stop: () =>
      new Promise((done) => {
        recording.addEventListener("stop", () => {
          pull.srcObject = null;
          done(new Blob(parts, { type: recording.mimeType }));
        });
        recording.stop();
      }),
  };
}

/** Of what can't be read, one's own ears judge. */
export async function hasSound(recording: Blob): Promise<boolean> {
  const reader = new OfflineAudioContext(1, 1, RATE);
  const sound = await reader.decodeAudioData(await recording.arrayBuffer()).catch(() => undefined);
  if (!sound) return recording.size > 0;
  const samples = sound.getChannelData(0);
  for (let at = 0; at + PERIOD <= samples.length; at += PERIOD)
    if (toLevel(samples.subarray(at, at + PERIOD)) > 0) return true;
  return false;
}

interface Sinkable {
  setSinkId?(id: string): Promise<void>;
}

export async function play(recording: Blob, speaker: string | null, signal: AbortSignal): Promise<boolean> {
  const address = URL.createObjectURL(recording);
  const element = new Audio(address);
  const sinkable: Sinkable = element;
  if (speaker !== null) await sinkable.setSinkId?.(speaker).catch(() => undefined);
  try {
    const over = new Promise<void>((done) => {
      for (const event of ["ended", "error", "pause"])
        element.addEventListener(event, () => done(), { once: true });
      signal.addEventListener("abort", () => done(), { once: true });
    });
    await element.play();
    await over;
    return element.ended;
  } catch {
    return false;
  } finally {
    element.pause();
    URL.revokeObjectURL(address);
  }
}
