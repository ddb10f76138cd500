/** One camera, shown as it is, through our blur, or through LiveKit's: the same model on the same frames, on the processor. */
import { BackgroundProcessor } from "@livekit/track-processors";
import { createLocalVideoTrack } from "livekit-client";

import { Effects } from "../../../web/src/core/picture/effects";
import model from "../../../web/src/core/picture/person.tflite?url";
import { Store } from "../../../web/src/core/store";

const CAMERA = { width: 640, height: 360, frameRate: 30 };

async function camera(): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: CAMERA });
  return stream.getVideoTracks()[0] as MediaStreamTrack;
}

const ways: Record<string, () => Promise<MediaStreamTrack>> = {
  camera,
  async folkmoot() {
    const effects = new Effects({
      look: new Store({ background: "blur", light: false }),
      picture: () => Promise.resolve(undefined),
    });
    const made = await effects.process([await camera()]);
    Object.assign(window, { state: () => effects.state.get() });
    return made.tracks[0] as MediaStreamTrack;
  },
  async livekit() {
    const track = await createLocalVideoTrack({ resolution: CAMERA });
    await track.setProcessor(
      BackgroundProcessor({
        mode: "background-blur",
        segmenterOptions: { delegate: "CPU" },
        assetPaths: {
          tasksVisionFileSet: location.origin,
          modelAssetPath: new URL(model, location.href).href,
        },
      }),
    );
    return track.processor?.processedTrack as MediaStreamTrack;
  },
};

/** Shows it; resolved once something is seen. */
async function begin(way: string): Promise<void> {
  const video = document.createElement("video");
  video.muted = true;
  video.width = 640;
  document.body.append(video);
  video.srcObject = new MediaStream([await ways[way]!()]);
  await video.play();
  Object.assign(window, {
    frames: () => video.getVideoPlaybackQuality().totalVideoFrames,
    size: () => [video.videoWidth, video.videoHeight],
  });
}
Object.assign(window, { begin });
