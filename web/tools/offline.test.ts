import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

const file = (path: string) => readFileSync(join(import.meta.dirname, "..", "public", path), "utf8");
const worker = file("offline.js");
const kept = [...(/KEPT = \[(.*)\]/.exec(worker)?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(
  ([, path]) => path ?? "",
);

it("what is kept is fetched anew when some of it is another", () => {
  const hash = createHash("sha256");
  for (const path of kept) hash.update(file(path));
  expect(worker).toContain(`"offline-${hash.digest("hex").slice(0, 12)}"`);
});

it("nothing of the product is kept, and all that the kept page is drawn by", () => {
  const drawn = [...file("offline.html").matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
  expect(new Set(kept)).toEqual(new Set(["/offline.html", ...drawn]));
});
