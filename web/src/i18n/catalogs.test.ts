// Both languages say the same things, every sentence that code asks for exists, and none is left over.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";

import type { Messages } from "@lingui/core";
import { loaders } from "virtual:catalogs";
import { describe, expect, it } from "vitest";

import { type Entry, loadCatalog } from "./catalogs";
import { i18n } from "./i18n";
import type { Locale } from "./languages";

const src = join(import.meta.dirname, "..");
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

const folders = files.filter((file) => file.endsWith(join("locales", "en.po"))).map((file) => dirname(file));
const code = files
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file) && !/\/locales\/|api\/refusals\.ts$/.test(file))
  .map((file) => readFileSync(file, "utf8"))
  .join("\n");

/** The codes of refusals look like ids and are none. */
const refusals = readFileSync(join(src, "core", "api", "refusals.ts"), "utf8");

const codes = new Set([...refusals.matchAll(/^ {2}"([\w.]+)":/gm)].map((match) => match[1] ?? ""));

function sentences(file: string): Map<string, string> {
  const entries = readFileSync(file, "utf8").matchAll(/msgid "([^"]+)"\nmsgstr "((?:[^"\\]|\\.)*)"/g);
  return new Map([...entries].map((entry) => [entry[1] ?? "", entry[2] ?? ""]));
}

/** `lobby.blocked.title` is also asked for as `lobby.${status}.title`. */
const templates = [...code.matchAll(/`(\w+\.(?:[\w.]|\$\{[^}]+\})*)`/g)]
  .map((match) => (match[1] ?? "").replace(/\$\{[^}]+\}/g, "*"))
  .map((template) => new RegExp(`^${template.replaceAll(".", "\\.").replaceAll("*", "[\\w-]+")}$`));

function asked(id: string): boolean {
  return code.includes(`"${id}"`) || templates.some((template) => template.test(id));
}

describe.each(folders.map((folder) => [relative(src, dirname(folder)), folder]))(
  "the catalog of %s",
  (name, folder) => {
    const english = sentences(join(folder, "en.po"));
    const chinese = sentences(join(folder, "zh-CN.po"));

    it("says everything in both languages", () => {
      expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
      for (const [id, text] of [...english, ...chinese]) expect(text, id).not.toBe("");
    });

    it("owns its ids", () => {
      for (const id of english.keys()) expect(id.split(".")[0]).toBe(basename(name));
    });

    it("uses the same values in both languages", () => {
      const values = (text = "") => new Set([...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1]));
      for (const [id, text] of english) {
        for (const value of values(chinese.get(id))) expect([...values(text)], id).toContain(value);
      }
    });

    it("has no sentence that nobody asks for", () => {
      const said = (id: string) =>
        asked(id) || (name.endsWith("refused") && codes.has(id.slice("refused.".length)));
      expect([...english.keys()].filter((id) => !said(id))).toEqual([]);
    });

    it("writes Chinese with Chinese punctuation", () => {
      for (const [id, text] of chinese)
        expect(text.replace(/\{[^}]*\}|<[^>]*>/g, ""), id).not.toMatch(
          /\p{Script=Han}\s*[,;?!]|\p{Script=Han}\.(?!\w)/u,
        );
    });
  },
);

async function everything(locale: Locale) {
  const entries = Object.keys(loaders) as Entry[];
  const catalogs = await Promise.all(entries.map((entry) => loadCatalog(entry, locale)));
  return Object.assign({}, ...catalogs) as Messages;
}

// Every catalog there is: on a busy machine that takes a while.

it("every sentence that code names exists", async () => {
  const catalog = await everything("en");
  const named = [...code.matchAll(/\b(?:t|i18n\._|i18n\.t)\(\s*"([\w.]+)"|\bid="([\w]+\.[\w.]+)"/g)];
  for (const match of named) expect(Object.keys(catalog)).toContain(match[1] ?? match[2]);
  // Ids also stand in conditions and in fields: whatever looks like one is one.
  const owners = folders.map((folder) => basename(dirname(folder))).join("|");
  for (const [, id = ""] of code.matchAll(new RegExp(`"((?:${owners})\\.[\\w.]+)"`, "g")))
    if (!refusals.includes(`"${id}"`)) expect(Object.keys(catalog)).toContain(id);
  expect(named.length).toBeGreaterThan(50);
});

it("the stretched locale is at least 40 % longer and has no plain letters left", async () => {
  const english = await everything("en");
  const stretched = await everything("en-XA");
  i18n.load({ en: english, "en-XA": stretched });
  i18n.activate("en");
  const plain = i18n._("home.headline");
  i18n.activate("en-XA");
  const long = i18n._("home.headline");
  expect(long.length).toBeGreaterThanOrEqual(plain.length * 1.4);
  expect(long).not.toMatch(/[a-z]/i);
});

it("nothing of the room's words comes before the room", async () => {
  const shell = Object.keys(await loadCatalog("shell", "en")).map((id) => id.split(".")[0]);
  expect([...new Set(shell)].sort()).toEqual(["errors", "home", "lobby", "ui"]);
});
