/** What the server refuses of who sells, in words, and beside which field. */
import { inWords } from "../../../core/money";
import type { Translate } from "../../../i18n/react";
import type { Trouble } from "../../../ui/asking";
import { refusalWords } from "../../../ui/refusal";

const own = {
  "billing.amount": "billing.selling.refused.amount",
  "billing.country": "billing.refused.country",
  "billing.credit_note_known": "billing.selling.refused.creditKnown",
  "billing.currency": "billing.selling.refused.currency",
  "billing.currency_mixed": "billing.selling.refused.mixed",
  "billing.customer": "billing.selling.refused.taxNumber",
  "billing.document_unknown": "billing.refused.document",
  "billing.free_plan": "billing.selling.refused.free",
  "billing.limit": "billing.selling.refused.limit",
  "billing.no_customer": "billing.selling.refused.nobody",
  "billing.payment_known": "billing.selling.refused.known",
  "billing.plan_name": "billing.selling.refused.planName",
  "billing.plan_unknown": "billing.selling.refused.planGone",
  "billing.price": "billing.selling.refused.price",
  "billing.quote_days": "billing.selling.refused.days",
  "billing.quote_known": "billing.selling.refused.quoteKnown",
  "billing.quote_unknown": "billing.selling.refused.quoteGone",
  "billing.reason": "billing.selling.refused.reason",
  "billing.by_hand": "billing.selling.refused.byHand",
  "billing.refund_source": "billing.selling.refused.source",
  "billing.seats": "billing.refused.seats",
  "billing.subscribed": "billing.selling.refused.quoteGone",
  "billing.tax_rate": "billing.selling.refused.rate",
  "billing.term": "billing.selling.refused.term",
  "billing.too_many_plans": "billing.selling.refused.manyPlans",
  "billing.too_many_quotes": "billing.selling.refused.manyQuotes",
  "billing.trial": "billing.selling.refused.trial",
  "org.unknown": "billing.selling.refused.org",
  "request.invalid": "billing.refused.fields",
  other: "billing.refused.other",
};

const sums = new Set(["billing.amount", "billing.refund_source"]);

/** @param currency of the sums that a refusal carries */
export function wordsOf(t: Translate, trouble: Trouble, currency?: string, locale = "en"): string {
  if (trouble === "gone") return t("billing.refused.gone");
  const { most } = trouble.params;
  const isSum = sums.has(trouble.code) && typeof most === "number" && currency !== undefined;
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
