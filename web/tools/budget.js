// The client's budgets in kB of brotli, as the build's manifest says what a page loads. Run after `npm run build`.
//
// `prejoin` is the shell with its words; `joined` adds the room, its words and the media library. Everything else comes
// when it is asked for, and each of those chunks has a budget of its own: a panel, an activity, another entry.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const budgets = { prejoin: 130, joined: 330, css: 20, requests: 12 };
const LATER = 80;
const ROOM = "src/room.tsx";
const MEDIA = /^node_modules\/livekit-client\//;
const CATALOG = /^virtual:catalog\/(\w+)\/([\w-]+)$/;
const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");

/**
 * All files that a chunk brings with it, itself included; dynamic imports only where asked for.
 * @param {Record<string, {file: string, imports?: string[], css?: string[], dynamicImports?: string[]}>} manifest
 */
export function filesOf(manifest, entry, seen = new Set()) {
  if (seen.has(entry)) return new Set();
  seen.add(entry);
  const chunk = manifest[entry];
  const files = new Set([chunk.file, ...(chunk.css ?? [])]);
  for (const wanted of chunk.imports ?? [])
    for (const file of filesOf(manifest, wanted, seen)) files.add(file);
  return files;
}

/** @returns what a page loads until prejoin can be used, until one is in the meeting, and by each chunk afterwards */
export function measure(manifest, sizeOf) {
  const keys = Object.keys(manifest);
  const total = (files) => [...files].reduce((sum, file) => sum + sizeOf(file), 0) / 1000;
  const ofKind = (files, kind) => new Set([...files].filter((file) => file.endsWith(kind)));
  const shell = filesOf(
    manifest,
    // An entry that only fetches the shell is written into the page itself, and not into the manifest.
    keys.find((key) => manifest[key].isEntry || manifest[key].name === "shell"),
  );
  // One language is loaded, the larger one counts.
  const speaking = (files, entry) =>
    catalogsOf(keys, entry)
      .map((key) => new Set([...files, ...filesOf(manifest, key)]))
      .sort((a, b) => total(b) - total(a))[0] ?? files;
  const prejoin = speaking(shell, "shell");
  const joined = new Set(speaking(prejoin, "room"));
  for (const key of keys.filter((each) => each === ROOM || MEDIA.test(each)))
    for (const file of filesOf(manifest, key)) joined.add(file);
  return {
    prejoin: total(ofKind(prejoin, ".js")),
    joined: total(ofKind(joined, ".js")),
    css: total(ofKind(joined, ".css")),
    // The page itself, its icon and one request to the server come on top.
    requests: prejoin.size + 3,
    later: Object.fromEntries(
      later(manifest).map((key) => [key, total(without(filesOf(manifest, key), joined))]),
    ),
  };
}

/** The words of an entry in each language; the stretched one is never loaded by people. */
function catalogsOf(keys, entry) {
  return keys.filter((key) => {
    const [, name, locale] = CATALOG.exec(key) ?? [];
    return name === entry && locale !== "en-XA";
  });
}

/** Whatever some chunk fetches by itself, short of what `joined` counts and of words. */
function later(manifest) {
  const wanted = new Set(Object.values(manifest).flatMap(({ dynamicImports }) => dynamicImports ?? []));
  return [...wanted].filter((key) => key !== ROOM && !MEDIA.test(key) && !CATALOG.test(key));
}

/** What a worker or a worklet brings: the manifest doesn't name it. */
export function beside(manifest, assets, sizeOf) {
  const named = new Set(Object.values(manifest).map(({ file }) => file));
  const unnamed = assets
    .map((name) => `assets/${name}`)
    .filter((file) => file.endsWith(".js") && !named.has(file));
  return Object.fromEntries(unnamed.map((file) => [file, sizeOf(file) / 1000]));
}

function without(files, known) {
  return new Set([...files].filter((file) => !known.has(file)));
}

/** Third-party addresses that the page itself would load. */
export function thirdParties(html) {
  return [...html.matchAll(/(?:src|href)="((?:https?:)?\/\/[^"]+)"/g)].map((match) => match[1]);
}

/** @returns one line for each budget, and whether any is over */
export function judge({ later: chunks, ...measured }, strangers) {
  const rows = [
    ...Object.entries(budgets).map(([what, budget]) => [what, measured[what], budget]),
    ...Object.entries(chunks).map(([what, size]) => [what, size, LATER]),
    ["third parties", strangers, 0],
  ];
  const lines = rows.map(([what, is, budget]) => {
    const shown = Number.isInteger(is) ? is : is.toFixed(1);
    return `${is > budget ? "OVER " : "ok   "} ${what}: ${shown} of ${budget}`;
  });
  return { lines, isOver: rows.some(([, is, budget]) => is > budget) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));
  const sizeOf = (file) => brotliCompressSync(readFileSync(join(dist, file))).length;
  const strangers = thirdParties(readFileSync(join(dist, "index.html"), "utf8"));
  const measured = measure(manifest, sizeOf);
  Object.assign(measured.later, beside(manifest, readdirSync(join(dist, "assets")), sizeOf));
  const { lines, isOver } = judge(measured, strangers.length);
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.stdout.write(`      ${readdirSync(join(dist, "assets")).length} files in all\n`);
  process.exit(isOver ? 1 : 0);
}
