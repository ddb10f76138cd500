/** LiveKit's runtime is served beside the page: neither fetches anything from elsewhere. */
export default {
  root: import.meta.dirname,
  publicDir: "node_modules/@mediapipe/tasks-vision/wasm",
  worker: { format: "es" },
  build: { target: "chrome111", assetsInlineLimit: 0, emptyOutDir: true },
};
