/** The edge of the worker: takes cameras, hands frames back, fetches the model when a person must be told apart. */
import { needsMask } from "./look";
import type { Wanted } from "./painter";
import { loadSegmenter, type Segment } from "./segmenter";
import { Stream } from "./stream";
import type { FromWorker, ToWorker } from "./wire";

const BETWEEN_MS = 1000 / 30;

const streams = new Map<number, Stream>();
let segment: Segment | undefined;
let loading = false;

function tell(message: FromWorker, ...transfer: Transferable[]): void {
  self.postMessage(message, { transfer });
}

async function load(): Promise<void> {
  if (segment || loading) return;
  loading = true;
  tell({ say: "model", is: "coming" });
  try {
    segment = await loadSegmenter();
    tell({ say: "model", is: "here" });
  } catch {
    tell({ say: "model", is: "failed" });
  } finally {
    loading = false;
  }
}

function open(id: number, wanted: Wanted): Stream {
  const stream = new Stream(
    wanted,
    () => segment,
    () => tell({ say: "slow" }),
  );
  streams.set(id, stream);
  return stream;
}

async function run(
  id: number,
  stream: Stream,
  readable: ReadableStream<VideoFrame>,
  writable: WritableStream<VideoFrame>,
): Promise<void> {
  const through = new TransformStream<VideoFrame, VideoFrame>({
    transform(frame, controller) {
      const { timestamp } = frame;
      try {
        controller.enqueue(new VideoFrame(stream.take(frame, timestamp / 1000), { timestamp }));
      } finally {
        frame.close();
      }
    },
  });
  // It ends when its camera does.
  await readable
    .pipeThrough(through)
    .pipeTo(writable)
    .catch(() => undefined);
  streams.delete(id);
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  switch (data.say) {
    case "open": {
      const { id, wanted, readable, writable } = data;
      const stream = open(id, wanted);
      if (needsMask(wanted)) void load();
      if (readable && writable) void run(id, stream, readable, writable);
      else tell({ say: "next", id });
      break;
    }
    case "want":
      if (needsMask(data.wanted)) void load();
      for (const stream of streams.values()) stream.want(data.wanted);
      break;
    case "frame": {
      const { id, frame, at } = data;
      const from = performance.now();
      const canvas = streams.get(id)?.take(frame, at);
      frame.close();
      if (!canvas) break;
      const painted = canvas.transferToImageBitmap();
      tell({ say: "painted", id, frame: painted }, painted);
      // A worker's timer goes on when its page is hidden.
      setTimeout(() => tell({ say: "next", id }), Math.max(0, BETWEEN_MS - (performance.now() - from)));
      break;
    }
    case "close":
      streams.delete(data.id);
      break;
    case "again":
      void load();
      break;
  }
});
