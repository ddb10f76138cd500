// Nothing is used that a browser of three years ago lacks, unless it is asked for first. The compiler makes old syntax of new
// one (`build.target`), and knows the language's own library (`lib` in tsconfig.json); this looks at what a browser brings.
//
// The sources are TypeScript: types are taken off, and what is left is looked at line by line.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { Linter } from "eslint";
import compat from "eslint-plugin-compat";
import { transformWithOxc } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** As `build.target` in vite.config.ts. */
export const BROWSERS = ["chrome 111", "edge 111", "firefox 115", "safari 16.4"];
/** Asked for before they are used, each in the one file that stands beside it. */
const ASKED_FOR = new Map([
  ["src/core/names.ts", "Intl.Segmenter"],
  // Processor and Generator; frames as such only where there are streams of them.
  ["src/core/picture/effects.ts", "MediaStreamTrack"],
  ["src/core/picture/worker.ts", "VideoFrame"],
  ["src/features/call/awake.ts", "navigator.wakeLock"],
  ["src/features/meetings/calendar.tsx", "ClipboardItem"],
  ["src/routes/embedding.ts", "location.ancestorOrigins"],
]);

/** @param {string} code of TypeScript @param {string} file @returns {Promise<string[]>} what is wrong with it */
export async function complaints(code, file) {
  const bare = await transformWithOxc(code, file, {
    target: "esnext",
    jsx: { runtime: "automatic" },
    sourcemap: false,
  });
  const found = new Linter().verify(
    bare.code,
    {
      plugins: { compat },
      rules: { "compat/compat": ["error", BROWSERS.join(", ")] },
      settings: { targets: BROWSERS },
      languageOptions: { ecmaVersion: "latest", sourceType: "module" },
    },
    { filename: `${file}.js` },
  );
  const asked = ASKED_FOR.get(file);
  return found
    .filter(({ message }) => asked === undefined || !message.startsWith(asked))
    .map(({ message }) => `${file}: ${message}`);
}

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (/(?<!\.d|\.test|\.testing)\.tsx?$/.test(entry.name)) yield path;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = [...sources(join(root, "src"))].filter((path) => !/\/locales\//.test(path));
  const found = await Promise.all(
    all.map((path) => complaints(readFileSync(path, "utf8"), relative(root, path))),
  );
  for (const line of found.flat()) process.stderr.write(`${line}\n`);
  process.exit(found.flat().length > 0 ? 1 : 0);
}
