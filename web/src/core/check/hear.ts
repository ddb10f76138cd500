/** Hear yourself, with this browser's devices. Comes when it is wanted. */
import { type LineCheck, shapes } from "../api/line";
import type { Call } from "../api/call";
import { microphoneWish, type Taste } from "../devices/wish";
import { soundOf } from "../meeting/own/own";

import { type Heard, hearYourself, type Stage } from "./loop";
import { hasSound, play, recorder } from "./recording";

export type Hear = (tell: (stage: Stage) => void, signal: AbortSignal) => Promise<Heard>;

/** Whose voice it is, in a call or before one. */
export interface Voice {
  /** The microphone as others get it; null: it is opened for this alone. */
  track(): MediaStreamTrack | null;
  microphoneId(): string | null;
  speakerId(): string | null;
}

export interface HearDialogProps {
  hear: Hear;
  /** Who hears it while one speaks: one may not be in yet, or be muted. */
  heardBy: "others" | "nobody" | "before";
  device: string;
  track: MediaStreamTrack | null;
  onClose(): void;
}

interface Ports {
  send: Call;
  voice: Voice;
  orHere: boolean;
  taste(): Taste;
  url: string;
  after(ms: number, run: () => void): () => void;
}

export function hearing({ send, voice, orHere, taste, url, after }: Ports): Hear {
  return (tell, signal) =>
    hearYourself(
      {
        ask: () => send<LineCheck>("POST", "/api/line-check", shapes.LineCheck),
        url,
        after,
        microphone: () => microphone(voice, taste()),
        orHere,
        options: soundOf(taste()),
        recorder,
        hasSound,
        play: (recording, stop) => play(recording, voice.speakerId(), stop),
      },
      tell,
      signal,
    );
}

/** What others get, where they get anything; a muted one is opened for this alone. */
async function microphone(voice: Voice, taste: Taste): Promise<MediaStreamTrack> {
  const open = voice.track();
  if (open?.readyState === "live") return open.clone();
  const audio = microphoneWish(voice.microphoneId(), taste);
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const [track] = stream.getAudioTracks();
  if (!track) throw new Error("a microphone without a track");
  return track;
}
