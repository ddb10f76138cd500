/**
 * The one i18n instance. Components say `const t = useT()` and `t("home.start")`; code outside React
 * says `i18n.t(id, values)`. Ids are explicit and begin with the folder that owns them; the sentences
 * live in that folder's `locales/*.po`. Sentences are never glued together from pieces.
 */
import { type Messages, setupI18n } from "@lingui/core";

import { type Entry, loadCatalog } from "./catalogs";
import type { Locale } from "./languages";

export const i18n = setupI18n();

const opened = new Set<Entry>(["shell"]);
let wanted: Locale = "en";

/** The language of everything that is open. The last one asked for wins, however long its words take to come. */
export async function activate(locale: Locale): Promise<void> {
  wanted = locale;
  const entries = [...opened];
  const catalogs = await Promise.all(entries.map((entry) => loadCatalog(entry, locale)));
  if (wanted !== locale) return;
  // Added to what is there: an entry that was opened meanwhile keeps its words.
  i18n.load(locale, Object.assign({}, ...catalogs) as Messages);
  i18n.activate(locale);
  document.documentElement.lang = locale === "en-XA" ? "en" : locale;
}

/** The words of one entry, in the language in use; before this is done nothing of that entry can be drawn. */
export async function openCatalog(entry: Entry): Promise<void> {
  if (opened.has(entry)) return;
  let locale: Locale;
  do {
    locale = wanted;
    i18n.load(locale, await loadCatalog(entry, locale));
  } while (wanted !== locale);
  opened.add(entry);
}
