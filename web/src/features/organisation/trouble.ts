/** What the server's refusals are in words. */
import type { Translate } from "../../i18n/react";
import { refusalWords } from "../../ui/refusal";

import type { Trouble } from "../../ui/asking";

/** Narrower here than elsewhere. */
const own = {
  "mail.none": "organisation.refused.noMail",
  "name.invalid": "organisation.refused.name",
  "account.prove_again": "organisation.refused.prove",
  "signin.wrong": "organisation.refused.password",
  "http.413": "organisation.refused.tooLarge",
  other: "organisation.refused.other",
};

export function wordsOf(t: Translate, trouble: Trouble): string {
  if (trouble === "gone") return t("organisation.refused.gone");
  return refusalWords(t, trouble, own);
}

export function said(t: Translate, trouble: Trouble | null): string | undefined {
  return trouble ? wordsOf(t, trouble) : undefined;
}
