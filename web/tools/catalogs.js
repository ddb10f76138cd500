// Which sentences come with which entry of the page. A sentence is fetched with the entry that says it, so a feature of
// the meeting room costs nothing where somebody only reads the home page.
//
// A folder of src/features belongs to the first entry below of which it has a file (`chat/room.tsx`: to the room);
// without such a file it belongs to the shell, with the words of src/ui. `virtual:catalogs` holds one loader for each
// entry and language.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const shell = "shell";
/** Every entry besides the shell. A new one is a word here and a row in src/routes/table.ts. */
export const entries = [
  "room",
  "frame",
  "account",
  "calendar",
  "door",
  "organisation",
  "operator",
  "growth",
  "check",
  "hear",
  "billing",
  "branding",
  "privacy",
  "usage",
];
/** Words without code: what the server refuses. They come with every page that asks it for something. */
export const apart = "refused";
export const locales = ["en", "zh-CN", "en-XA"];

const CATALOGS = "virtual:catalogs";
const ONE = "virtual:catalog/";

/**
 * @param {string} features the folder src/features
 * @returns {Map<string, string[]>} the folders of each entry that has any, the shell always
 */
export function foldersOf(features) {
  const found = new Map([[shell, []]]);
  for (const folder of readdirSync(features, { withFileTypes: true })) {
    if (!folder.isDirectory() || !existsSync(join(features, folder.name, "locales"))) continue;
    const has = (name) => existsSync(join(features, folder.name, `${name}.tsx`));
    const entry = folder.name === apart ? apart : (entries.find(has) ?? shell);
    found.set(entry, [...(found.get(entry) ?? []), folder.name]);
  }
  return found;
}

/** @param {Iterable<string>} names @returns {string} */
export function loaders(names) {
  const rows = [...names].map((name) => {
    const each = locales.map((locale) => `"${locale}": () => import("${ONE}${name}/${locale}")`);
    return `"${name}": { ${each.join(", ")} }`;
  });
  return `export const loaders = { ${rows.join(", ")} };`;
}

/** @param {string[]} files @param {string} locale @returns {string} */
export function catalogOf(files, locale) {
  const imports = files.map((file, index) => `import { messages as m${index} } from "${file}";`);
  const all = `{ ${files.map((_, index) => `...m${index}`).join(", ")} }`;
  const stretched = locale === "en-XA";
  return [
    ...imports,
    stretched ? 'import { stretched } from "/src/i18n/stretched.ts";' : "",
    `export const catalog = ${stretched ? `stretched(${all})` : all};`,
  ].join("\n");
}

/** @param {string} root the folder of vite.config.ts @returns {import("vite").Plugin} */
export function catalogs(root) {
  const features = join(root, "src", "features");
  return {
    name: "catalogs",
    resolveId: (id) => (id === CATALOGS || id.startsWith(ONE) ? `\0${id}` : undefined),
    load(id) {
      if (id === `\0${CATALOGS}`) return loaders(foldersOf(features).keys());
      if (!id.startsWith(`\0${ONE}`)) return undefined;
      const [entry = "", locale = ""] = id.slice(ONE.length + 1).split("/");
      const folders = (foldersOf(features).get(entry) ?? []).map((name) => `/src/features/${name}`);
      if (entry === shell) folders.push("/src/ui");
      return catalogOf(
        folders.map((folder) => `${folder}/locales/${locale}.ts`),
        locale,
      );
    },
  };
}
