import type { Messages } from "@lingui/core";

import type { Locale } from "./languages";

/**
 * One chunk per language, holding every folder's catalog; only the language in use is fetched.
 * The catalogs are compiled from the .po files beside the code by `npm run messages`.
 */
const loaders: Record<Locale, () => Promise<{ catalog: Messages }>> = {
  en: () => import("./catalog.en"),
  "zh-CN": () => import("./catalog.zh-CN"),
  "en-XA": () => import("./catalog.en-XA"),
};

export async function loadCatalog(locale: Locale): Promise<Messages> {
  return (await loaders[locale]()).catalog;
}
