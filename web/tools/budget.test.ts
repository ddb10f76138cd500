import { expect, it } from "vitest";

import { filesOf, measure, thirdParties } from "./budget.js";

const manifest = {
  "index.html": {
    file: "index.js",
    isEntry: true,
    imports: ["_shared"],
    css: ["index.css"],
    dynamicImports: ["src/room.tsx"],
  },
  _shared: { file: "shared.js" },
  "src/i18n/catalog.en.ts": { file: "en.js", imports: ["_shared"] },
  "src/i18n/catalog.zh-CN.ts": { file: "zh.js" },
  "src/i18n/catalog.en-XA.ts": { file: "xa.js" },
  "src/room.tsx": {
    file: "room.js",
    imports: ["_shared", "index.html"],
    css: ["room.css"],
    dynamicImports: ["later"],
  },
  later: { file: "later.js" },
};
const sizes: Record<string, number> = {
  "index.js": 50_000,
  "shared.js": 40_000,
  "index.css": 4000,
  "en.js": 2000,
  "zh.js": 3000,
  "xa.js": 9000,
  "room.js": 100_000,
  "room.css": 5000,
  "later.js": 7000,
};

it("counts every file once, and one language", () => {
  expect(measure(manifest, (file: string) => sizes[file] ?? Number.NaN)).toEqual({
    prejoin: 93,
    joined: 200,
    css: 9,
    requests: 7,
  });
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
