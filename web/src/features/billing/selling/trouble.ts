/** What the server refuses of who sells, in words, and beside which field. */
import { inWords } from "../../../core/money";
import type { Translate } from "../../../i18n/react";
import type { Trouble } from "../../../ui/asking";
import { refusalWords } from "../../../ui/refusal";

const own = {
  "billing.amount": "selling.refused.amount",
  "billing.country": "billing.refused.country",
  "billing.credit_note_known": "selling.refused.creditKnown",
  "billing.currency": "selling.refused.currency",
  "billing.currency_mixed": "selling.refused.mixed",
  "billing.customer": "selling.refused.taxNumber",
  "billing.document_unknown": "billing.refused.document",
  "billing.free_plan": "selling.refused.free",
  "billing.limit": "selling.refused.limit",
  "billing.no_customer": "selling.refused.nobody",
  "billing.payment_known": "selling.refused.known",
  "billing.plan_name": "selling.refused.planName",
  "billing.plan_unknown": "selling.refused.planGone",
  "billing.price": "selling.refused.price",
  "billing.quote_days": "selling.refused.days",
  "billing.quote_known": "selling.refused.quoteKnown",
  "billing.quote_unknown": "selling.refused.quoteGone",
  "billing.reason": "selling.refused.reason",
  "billing.seats": "billing.refused.seats",
  "billing.subscribed": "selling.refused.quoteGone",
  "billing.tax_rate": "selling.refused.rate",
  "billing.term": "selling.refused.term",
  "billing.too_many_plans": "selling.refused.manyPlans",
  "billing.too_many_quotes": "selling.refused.manyQuotes",
  "billing.trial": "selling.refused.trial",
  "org.unknown": "selling.refused.org",
  "request.invalid": "billing.refused.fields",
  other: "billing.refused.other",
};

/** @param currency of the sums that a refusal carries */
export function wordsOf(t: Translate, trouble: Trouble, currency?: string, locale = "en"): string {
  if (trouble === "gone") return t("billing.refused.gone");
  const { most } = trouble.params;
  const isSum = trouble.code === "billing.amount" && typeof most === "number" && currency !== undefined;
  const params = isSum ? { ...trouble.params, most: inWords(most, currency, locale) } : trouble.params;
  return refusalWords(t, { code: trouble.code, params }, own);
}

/** At the field that a refusal is about; what is about none stands under the form. */
export function placed<Field extends string>(
  trouble: Trouble | null,
  words: (trouble: Trouble) => string,
  fields: Readonly<Record<string, Field>>,
): Partial<Record<Field | "form", string>> {
  if (trouble === null) return {};
  const at = trouble === "gone" ? undefined : fields[trouble.code];
  return { [at ?? "form"]: words(trouble) } as Partial<Record<Field | "form", string>>;
}
