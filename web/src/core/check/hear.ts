/** Hear yourself, with this browser's devices. Comes when it is wanted. */
import { type LineCheck, shapes } from "../api/line";
import type { Call } from "../api/call";
import { microphoneWish, type Taste } from "../devices/wish";
import { type OwnTracks, soundOf } from "../meeting/own/own";

import { type Heard, hearYourself, type Stage } from "./loop";
import { hasSound, play, recorder } from "./recording";

export type Hear = (tell: (stage: Stage) => void, signal: AbortSignal) => Promise<Heard>;

interface Ports {
  send: Call;
  own: OwnTracks;
  taste(): Taste;
  url: string;
  after(ms: number, run: () => void): () => void;
}

export function hearing({ send, own, taste, url, after }: Ports): Hear {
  return (tell, signal) =>
    hearYourself(
      {
        ask: () => send<LineCheck>("POST", "/api/line-check", shapes.LineCheck),
        url,
        after,
        microphone: () => microphone(own, taste()),
        options: soundOf(taste()),
        recorder,
        hasSound,
        play: (recording, stop) => play(recording, own.state.get().speakerId, stop),
      },
      tell,
      signal,
    );
}

/** What others get, where they get anything; a muted one is opened for this alone. */
async function microphone(own: OwnTracks, taste: Taste): Promise<MediaStreamTrack> {
  const { microphone: isOn, microphoneId } = own.state.get();
  if (isOn && own.microphone?.readyState === "live") return own.microphone.clone();
  const stream = await navigator.mediaDevices.getUserMedia({ audio: microphoneWish(microphoneId, taste) });
  const [track] = stream.getAudioTracks();
  if (!track) throw new Error("a microphone without a track");
  return track;
}
