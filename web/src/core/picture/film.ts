/** Where a browser gives no stream of frames: each is read from a video, and what comes back is drawn and filmed. */
import type { FromWorker } from "./wire";

const FRAMES_A_SECOND = 30;

export interface Film {
  tracks: readonly MediaStreamTrack[];
  take(message: FromWorker): void;
  stop(): void;
}

/** @param send one frame to the worker, and when it was taken */
export async function film(
  raw: MediaStreamTrack,
  send: (frame: ImageBitmap, at: number) => void,
): Promise<Film> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([raw]);
  await video.play();
  const canvas = document.createElement("canvas");
  fit(canvas, video.videoWidth, video.videoHeight);
  const pen = canvas.getContext("2d", { alpha: false });
  if (!pen) throw new Error("no canvas");
  const tracks = canvas.captureStream(FRAMES_A_SECOND).getVideoTracks();
  let isOver = false;
  const next = async (): Promise<void> => {
    if (isOver) return;
    try {
      send(await createImageBitmap(video), performance.now());
    } catch {
      // No picture at this moment: a phone holds the camera back. It is asked again.
      setTimeout(() => void next(), 200);
    }
  };
  return {
    tracks,
    take(message) {
      if (message.say === "next") void next();
      if (message.say !== "painted") return;
      const { frame } = message;
      if (!isOver) {
        fit(canvas, frame.width, frame.height);
        pen.drawImage(frame, 0, 0);
      }
      frame.close();
    },
    stop() {
      isOver = true;
      video.srcObject = null;
    },
  };
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
