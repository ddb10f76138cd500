import { expect, it } from "vitest";

import { beside, filesOf, judge, measure, thirdParties } from "./budget.js";

const media = "node_modules/livekit-client/dist/livekit-client.esm.mjs";
const manifest = {
  "index.html": {
    file: "index.js",
    isEntry: true,
    imports: ["_shared"],
    css: ["index.css"],
    dynamicImports: ["src/room.tsx", "virtual:catalog/shell/en", "src/routes/OperatorPage.tsx"],
  },
  _shared: { file: "shared.js" },
  "virtual:catalog/shell/en": { file: "en.js", imports: ["_shared"] },
  "virtual:catalog/shell/zh-CN": { file: "zh.js" },
  "virtual:catalog/shell/en-XA": { file: "xa.js" },
  "virtual:catalog/room/en": { file: "room-en.js" },
  "virtual:catalog/operator/en": { file: "operator-en.js" },
  "src/room.tsx": {
    file: "room.js",
    imports: ["_shared", "index.html"],
    css: ["room.css"],
    dynamicImports: ["src/features/poll/PollPanel.tsx", media],
  },
  [media]: { file: "media.js" },
  "src/features/poll/PollPanel.tsx": { file: "poll.js", imports: ["_shared"] },
  "src/routes/OperatorPage.tsx": { file: "operator.js", imports: ["_charts"] },
  _charts: { file: "charts.js" },
};
const sizes: Record<string, number> = {
  "index.js": 50_000,
  "shared.js": 40_000,
  "index.css": 4000,
  "en.js": 2000,
  "zh.js": 3000,
  "xa.js": 9000,
  "room-en.js": 6000,
  "operator-en.js": 90_000,
  "room.js": 60_000,
  "room.css": 5000,
  "media.js": 100_000,
  "poll.js": 7000,
  "operator.js": 30_000,
  "charts.js": 60_000,
};
const measured = measure(manifest, (file: string) => sizes[file] ?? Number.NaN);

it("counts every file once, and one language", () => {
  expect(measured).toMatchObject({ prejoin: 93, joined: 259, css: 9, requests: 7 });
});

it("counts what comes later by itself, short of what is there already", () => {
  expect(measured.later).toEqual({
    "src/features/poll/PollPanel.tsx": 7,
    "src/routes/OperatorPage.tsx": 90,
  });
});

it("lets neither a late chunk nor a third party pass", () => {
  const { lines, isOver } = judge(measured, 0);
  expect(isOver).toBe(true);
  expect(lines).toContain("OVER  src/routes/OperatorPage.tsx: 90 of 80");
  expect(lines).toContain("ok    src/features/poll/PollPanel.tsx: 7 of 80");
  expect(judge({ prejoin: 1, joined: 1, css: 1, requests: 1, later: {} }, 1).isOver).toBe(true);
  expect(judge({ prejoin: 1, joined: 1, css: 1, requests: 1, later: {} }, 0).isOver).toBe(false);
});

it("ends where chunks import each other", () => {
  const ring = { a: { file: "a.js", imports: ["b"] }, b: { file: "b.js", imports: ["a"] } };
  expect([...filesOf(ring, "a")].sort()).toEqual(["a.js", "b.js"]);
});

it("finds what would be fetched from somebody else", () => {
  expect(thirdParties('<script src="/assets/a.js"></script><link href="//cdn.example/x.css">')).toEqual([
    "//cdn.example/x.css",
  ]);
});

it("weighs what only a worker loads too", () => {
  const named = { "src/main.tsx": { file: "assets/shell-1.js" } };
  expect(beside(named, ["shell-1.js", "worker-2.js", "model.wasm"], () => 2000)).toEqual({
    "assets/worker-2.js": 2,
  });
});
