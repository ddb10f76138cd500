/** The browser's picker, and how what was picked is sent while it is sent. */
import type { LocalTrack, LocalVideoTrack } from "livekit-client";

import { browserName } from "../../platform";
import { encodingsOf, sendingOf, type ShareKind } from "../media/screen";

interface Picking extends DisplayMediaStreamOptions {
  selfBrowserSurface: "exclude";
  surfaceSwitching: "include";
  systemAudio: "include";
}

/** The picture first, then its sound if it has one. */
export async function pickScreen(): Promise<MediaStreamTrack[]> {
  // Safari takes any size for a reason to give a black picture.
  const size = browserName(navigator.userAgent) === "Safari" ? {} : { width: 1920, height: 1080 };
  const wish: Picking = {
    audio: true,
    video: { ...size, frameRate: 30 },
    selfBrowserSurface: "exclude",
    surfaceSwitching: "include",
    systemAudio: "include",
  };
  const stream = await navigator.mediaDevices.getDisplayMedia(wish);
  return [...stream.getVideoTracks(), ...stream.getAudioTracks()];
}

/** Takes effect without a break. */
export async function sendAs(kind: ShareKind, track: LocalTrack | undefined): Promise<void> {
  if (!track) return;
  const { contentHint, degradationPreference } = sendingOf(kind);
  track.mediaStreamTrack.contentHint = contentHint;
  await (track as LocalVideoTrack).setDegradationPreference(degradationPreference);
  const { sender } = track;
  if (!sender) return;
  // livekit-client may be changing the same layers: what was read a moment ago is then refused, once.
  for (let tries = 0; tries < 3; tries += 1) {
    const parameters = sender.getParameters();
    parameters.encodings = encodingsOf(kind, parameters.encodings);
    const isDone = await sender.setParameters(parameters).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
}
