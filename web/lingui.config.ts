import { defineConfig } from "@lingui/conf";
import { formatter } from "@lingui/format-po";

// One catalog per feature folder and language, written by hand under explicit ids: the English text
// is a translation like the Chinese one, so a wording can change without touching code.
export default defineConfig({
  locales: ["en", "zh-CN", "en-XA"],
  sourceLocale: "en",
  pseudoLocale: "en-XA",
  format: formatter({ explicitIdAsDefault: true, origins: false, lineNumbers: false }),
  catalogs: [
    { path: "<rootDir>/src/features/{name}/locales/{locale}", include: ["<rootDir>/src/features/{name}"] },
    { path: "<rootDir>/src/ui/locales/{locale}", include: ["<rootDir>/src/ui"] },
  ],
});
