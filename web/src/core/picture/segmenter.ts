/**
 * Who is person and who is background: MediaPipe's model and its runtime, both from packages and served with the page.
 * It works on the processor: a small model is as fast there, and every machine has one.
 */
import wasm from "@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url";

import { MASK } from "./painter";
import model from "./person.tflite?url";

export type Segment = (small: ImageData, at: number) => Float32Array | undefined;

/** Rejects when something of it can't be fetched or this browser can't run it. */
export async function loadSegmenter(): Promise<Segment> {
  // The runtime looks for its module by this name; it comes as a chunk of ours, so nothing is fetched by a script's name.
  const [{ ImageSegmenter }] = await Promise.all([
    import("@mediapipe/tasks-vision"),
    import("@mediapipe/tasks-vision/vision_wasm_module_internal.js"),
  ]);
  // What the runtime says of itself is no error, though it says it as one.
  Object.assign(self, { Module: { printErr: () => undefined } });
  const segmenter = await ImageSegmenter.createFromOptions(
    { wasmLoaderPath: "", wasmBinaryPath: address(wasm) },
    {
      baseOptions: { modelAssetPath: address(model), delegate: "CPU" },
      runningMode: "VIDEO",
      outputCategoryMask: false,
      outputConfidenceMasks: true,
    },
  );
  const segment: Segment = (small, at) => {
    let found: Float32Array | undefined;
    segmenter.segmentForVideo(small, at, ({ confidenceMasks }) => {
      found = confidenceMasks?.[0]?.getAsFloat32Array().slice();
    });
    return found;
  };
  // It wants WebGL for its buffers, and says only now when a browser has none.
  segment(new ImageData(MASK.width, MASK.height), performance.now());
  return segment;
}

function address(path: string): string {
  return new URL(path, self.location.href).href;
}
