/**
 * The one i18n instance. Components say `const t = useT()` and `t("home.start")`; code outside React
 * says `i18n.t(id, values)`. Ids are explicit and begin with the folder that owns them; the sentences
 * live in that folder's `locales/*.po`. Sentences are never glued together from pieces.
 */
import { setupI18n } from "@lingui/core";

import { loadCatalog } from "./catalogs";
import type { Locale } from "./languages";

export const i18n = setupI18n();

export async function activate(locale: Locale): Promise<void> {
  i18n.loadAndActivate({ locale, messages: await loadCatalog(locale) });
  document.documentElement.lang = locale === "en-XA" ? "en" : locale;
}
