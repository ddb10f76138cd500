/** What the server's refusals are in words. */
import type { Translate } from "../../i18n/react";
import type { Trouble } from "../../ui/asking";
import { refusalWords } from "../../ui/refusal";

/** Narrower here than elsewhere. */
const own = {
  "name.invalid": "branding.refused.name",
  "http.413": "branding.refused.large",
  "files.too_large": "branding.refused.large",
  "picture.unreadable": "branding.refused.unreadable",
  other: "branding.refused.other",
};

export function said(t: Translate, trouble: Trouble | null): string | undefined {
  if (trouble === null) return undefined;
  return trouble === "gone" ? t("branding.refused.gone") : refusalWords(t, trouble, own);
}
