/** What the page and the worker that makes one's picture say to each other. */
import type { Wanted } from "./painter";

export type ToWorker =
  /** A camera, as a stream of frames; without one each frame is sent by itself. */
  | {
      say: "open";
      id: number;
      wanted: Wanted;
      readable?: ReadableStream<VideoFrame> | undefined;
      writable?: WritableStream<VideoFrame> | undefined;
    }
  | { say: "want"; wanted: Wanted }
  | { say: "frame"; id: number; frame: ImageBitmap; at: number }
  | { say: "close"; id: number }
  /** The model didn't come: once more. */
  | { say: "again" };

export type FromWorker =
  | { say: "model"; is: "coming" | "here" | "failed" }
  | { say: "slow" }
  /** The next frame is wanted. */
  | { say: "next"; id: number }
  | { say: "painted"; id: number; frame: ImageBitmap };
