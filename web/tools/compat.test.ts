import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { BROWSERS, complaints } from "./compat.js";

test("what a browser of three years ago lacks is found, types and all", async () => {
  expect(
    await complaints(
      "export const odd: string[] = [...new Intl.Segmenter().segment('a')].map(String);",
      "a.ts",
    ),
  ).toEqual(["a.ts: Intl.Segmenter() is not supported in Firefox 115"]);
  expect(await complaints("export const good = <p>{String(new AbortController())}</p>;", "b.tsx")).toEqual(
    [],
  );
});

test("one file may use what it asks for first, and nothing else", async () => {
  const file = "src/core/names.ts";
  expect(await complaints("new Intl.Segmenter();", file)).toEqual([]);
  expect(await complaints("navigator.wakeLock.request('screen');", file)).toHaveLength(1);
});

test("the browsers are those that the build is made for", () => {
  const config = readFileSync("vite.config.ts", "utf8");
  for (const browser of BROWSERS) expect(config).toContain(`"${browser.replace(" ", "")}"`);
});
