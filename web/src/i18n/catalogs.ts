import type { Messages } from "@lingui/core";
import { loaders } from "virtual:catalogs";

import type { Locale } from "./languages";

/**
 * One chunk for each entry and language; only the language in use is fetched, and only with the entry that says it.
 * The catalogs are compiled from the .po files beside the code by `npm run messages`; tools/catalogs.js gathers them.
 */
export type Entry = keyof typeof loaders;

export async function loadCatalog(entry: Entry, locale: Locale): Promise<Messages> {
  return (await loaders[entry][locale]()).catalog;
}
