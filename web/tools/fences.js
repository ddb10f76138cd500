// Who may import whom in src/. The folders are tiers, imports point down:
//   main, app, routes, room  ›  features (strangers to each other)  ›  ui  ›  i18n  ›  core (knows no React)
// `room` is the one place where the features of a meeting meet; livekit-client is known to core/meeting and
// features/call alone. Run by `npm run lint`; prints one line a breach.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const tiers = ["core", "i18n", "ui", "features", "top"];
const reactPackages = /^(react|react-dom|react-aria.*|@react-.*|lucide-react|@lingui\/react|wouter)(\/|$)/;
const importing =
  /(?:^|[\s;])(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s+["']([^"']+)["']/g;

/** @param {string} file path below src, with slashes */
export function tierOf(file) {
  const first = file.split("/")[0] ?? "";
  return tiers.includes(first) ? first : "top";
}

/** @param {string} file @param {string} source @returns {string[]} the breaches of one file */
export function breaches(file, source) {
  const found = [];
  for (const match of source.matchAll(importing)) {
    const wanted = match[1] ?? match[2] ?? match[3] ?? "";
    const reason = wanted.startsWith(".") ? inside(file, wanted) : outside(file, wanted);
    if (reason) found.push(`${file}: ${wanted}: ${reason}`);
  }
  return found;
}

function outside(file, wanted) {
  if (tierOf(file) === "core" && reactPackages.test(wanted)) return "core knows no React";
  if (wanted === "livekit-client" && !/^(core\/meeting|features\/call)\//.test(file))
    return "only core/meeting and features/call know LiveKit";
  return undefined;
}

function inside(file, wanted) {
  const target = posix.normalize(posix.join(posix.dirname(file), wanted));
  const [from, to] = [tierOf(file), tierOf(target)];
  if (from === "features" && to === "features" && file.split("/")[1] !== target.split("/")[1])
    return "features do not import each other";
  if (tiers.indexOf(to) > tiers.indexOf(from)) return `${from} does not import ${to}`;
  return undefined;
}

function sources(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
  const all = sources(src).flatMap((path) =>
    breaches(relative(src, path).split(sep).join("/"), readFileSync(path, "utf8")),
  );
  for (const line of all) process.stderr.write(`${line}\n`);
  process.exit(all.length > 0 ? 1 : 0);
}
