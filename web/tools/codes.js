// The states of the interface have codes (D9, N8 …), and docs/develop/ui.md says for each what is shown. Held here:
// what the client names is there and not marked as unbuilt (○), and what is there without the mark is named.
// Run by `npm run lint`; prints one line a breach.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CODE = /(?<![\w#/.-])[JHDNERSCAPO]\d{1,2}(?![\w%])/g;
const ROW = /^\| ((?:○?[JHDNERSCAPO]\d{1,2} )+)\|/gm;

/** @param {string} text of ui.md @returns {Map<string, boolean>} each code, and whether it is built */
export function codesOf(text) {
  const found = new Map();
  for (const [, cell = ""] of text.matchAll(ROW))
    for (const code of cell.trim().split(" ")) found.set(code.replace("○", ""), !code.startsWith("○"));
  return found;
}

/** A line of a comment, or of what a translator is told. @param {string} source @returns {Set<string>} */
export function named(source) {
  const notes = source.match(/\/\*[\s\S]*?\*\/|\/\/.*|^#\..*$/gm) ?? [];
  return new Set(notes.flatMap((note) => note.match(CODE) ?? []));
}

/** @param {Map<string, boolean>} codes @param {Map<string, Set<string>>} files @returns {string[]} */
export function breaches(codes, files) {
  const found = [];
  for (const [file, names] of files)
    for (const code of names) {
      if (!codes.has(code)) found.push(`${file}: ${code} is not in ui.md`);
      else if (!codes.get(code)) found.push(`${file}: ${code} is marked as not built in ui.md`);
    }
  const isNamed = (code) => [...files.values()].some((names) => names.has(code));
  for (const [code, isBuilt] of codes)
    if (isBuilt && !isNamed(code)) found.push(`ui.md: ${code} is built, it says, and nothing names it`);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const web = join(dirname(fileURLToPath(import.meta.url)), "..");
  const files = readdirSync(join(web, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|po|css)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const codes = codesOf(readFileSync(join(web, "..", "docs", "develop", "ui.md"), "utf8"));
  const found = breaches(
    codes,
    new Map(files.map((file) => [relative(web, file), named(readFileSync(file, "utf8"))])),
  );
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exit(found.length > 0 ? 1 : 0);
}
