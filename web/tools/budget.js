// The client's budgets in kB of brotli, as the build's manifest says what a page loads. Run after `npm run build`.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";

const budgets = { prejoin: 130, joined: 330, css: 20, requests: 12 };
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

/** @returns what a page loads until prejoin can be used, and until one is in the meeting */
export function measure(manifest, sizeOf) {
  const keys = Object.keys(manifest);
  const entry = keys.find((key) => manifest[key].isEntry);
  // One language is loaded, the larger one counts; the stretched one is never loaded by people.
  const catalogs = keys.filter((key) => /i18n\/catalog\.(en|zh-CN)\.ts$/.test(key));
  const room = keys.find((key) => key === "src/room.tsx");
  const total = (files) => [...files].reduce((sum, file) => sum + sizeOf(file), 0) / 1000;
  const ofKind = (files, kind) => new Set([...files].filter((file) => file.endsWith(kind)));
  const shell = filesOf(manifest, entry);
  const prejoin =
    catalogs
      .map((key) => new Set([...shell, ...filesOf(manifest, key)]))
      .sort((a, b) => total(b) - total(a))[0] ?? shell;
  const joined = new Set([...prejoin, ...(room ? allOf(manifest, room) : [])]);
  return {
    prejoin: total(ofKind(prejoin, ".js")),
    joined: total(ofKind(joined, ".js")),
    css: total(ofKind(joined, ".css")),
    // The page itself, its icon and one request to the server come on top.
    requests: prejoin.size + 3,
  };
}

/** The room with everything that it may load later on, short of workers. */
function allOf(manifest, entry, seen = new Set()) {
  if (seen.has(entry)) return new Set();
  seen.add(entry);
  const files = filesOf(manifest, entry);
  for (const later of manifest[entry].dynamicImports ?? [])
    for (const file of allOf(manifest, later, seen)) files.add(file);
  return files;
}

/** Third-party addresses that the page itself would load. */
export function thirdParties(html) {
  return [...html.matchAll(/(?:src|href)="((?:https?:)?\/\/[^"]+)"/g)].map((match) => match[1]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));
  const sizeOf = (file) => brotliCompressSync(readFileSync(join(dist, file))).length;
  const measured = measure(manifest, sizeOf);
  const strangers = thirdParties(readFileSync(join(dist, "index.html"), "utf8"));
  let failed = strangers.length > 0;
  for (const [what, budget] of Object.entries(budgets)) {
    const over = measured[what] > budget;
    failed ||= over;
    const shown = Number.isInteger(measured[what]) ? measured[what] : measured[what].toFixed(1);
    process.stdout.write(`${over ? "OVER " : "ok   "} ${what}: ${shown} of ${budget}\n`);
  }
  process.stdout.write(
    `${strangers.length > 0 ? "OVER " : "ok   "} third parties: ${strangers.length} of 0\n`,
  );
  process.stdout.write(`      ${readdirSync(join(dist, "assets")).length} files in all\n`);
  process.exit(failed ? 1 : 0);
}
