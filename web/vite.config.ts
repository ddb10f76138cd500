import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import pkg from "./package.json" with { type: "json" };
import { catalogs } from "./tools/catalogs.js";

/** Without a document, but for those that ask for one. */
const CORE = "src/core/**/*.test.ts";

const backend = process.env["FOLKMOOT_BACKEND"] ?? "http://127.0.0.1:7880";

export default defineConfig({
  define: { __VERSION__: JSON.stringify(pkg.version) },
  plugins: [
    react(),
    catalogs(import.meta.dirname),
    { ...optimizeLocales.vite({ locales: ["en-US", "zh-CN"] }), enforce: "pre" },
  ],
  build: {
    target: ["chrome111", "edge111", "firefox115", "safari16.4"],
    // The content security policy allows neither inline scripts nor data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    sourcemap: false,
    // The shell is one chunk, whatever of it other chunks use too: each file more is a request before prejoin.
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [{ name: "shell", tags: ["$initial"] }] },
      },
    },
  },
  // What runs beside the page fetches its own parts: a model is not read before it is wanted.
  worker: { format: "es" },
  server: {
    proxy: {
      "/api": { target: backend, ws: true },
      "/rtc": { target: backend, ws: true },
    },
  },
  test: {
    restoreMocks: true,
    testTimeout: 30_000,
    // A page of happy-dom for each file takes longer than what most of the core's tests do.
    projects: [
      { extends: true, test: { name: "core", include: [CORE] } },
      {
        extends: true,
        test: {
          name: "page",
          environment: "happy-dom",
          include: ["src/**/*.test.{ts,tsx}", "tools/**/*.test.ts"],
          exclude: [CORE],
          setupFiles: ["tools/vitest.setup.ts"],
        },
      },
    ],
  },
});
