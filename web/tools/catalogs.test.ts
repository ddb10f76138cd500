import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { catalogOf, foldersOf, loaders } from "./catalogs.js";

function tree(...files: string[]): string {
  const root = mkdtempSync(join(tmpdir(), "features-"));
  for (const file of files) {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  return root;
}

it("gives a folder to the entry of which it has a file, and all others to the shell", () => {
  const features = tree("home/locales/en.po", "poll/locales/en.po", "poll/room.tsx", "nodes/locales/en.po");
  expect([...foldersOf(features)]).toEqual([
    ["shell", ["home", "nodes"]],
    ["room", ["poll"]],
  ]);
});

it("leaves out a folder that says nothing", () => {
  expect([...foldersOf(tree("silent/room.tsx"))]).toEqual([["shell", []]]);
});

it("has a loader for each entry that there is, in every language", () => {
  const code = loaders(["shell", "room"]);
  expect(code).toContain(`"room": { "en": () => import("virtual:catalog/room/en")`);
  expect(code).not.toContain("operator");
});

it("stretches the stretched language and no other", () => {
  expect(catalogOf(["/a/en.ts"], "en")).toContain("export const catalog = { ...m0 };");
  expect(catalogOf(["/a/en-XA.ts"], "en-XA")).toContain("stretched({ ...m0 })");
});
