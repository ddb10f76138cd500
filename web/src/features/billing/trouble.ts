/** What the server's refusals of money are in words. */
import type { Translate } from "../../i18n/react";
import type { Trouble } from "../../ui/asking";
import { refusalWords } from "../../ui/refusal";

const own = {
  "billing.changed_meanwhile": "billing.refused.changed",
  "billing.past_due": "billing.refused.pastDue",
  "billing.owes": "billing.refused.owes",
  "billing.seats": "billing.refused.seats",
  "billing.contract": "billing.refused.contract",
  "billing.plan_unknown": "billing.refused.plan",
  "billing.no_price": "billing.refused.price",
  "billing.no_trial": "billing.refused.trial",
  "billing.subscribed": "billing.refused.changed",
  "billing.no_subscription": "billing.refused.changed",
  "billing.nothing_to_come": "billing.refused.changed",
  "billing.quote_unknown": "billing.refused.quote",
  "billing.quote_over": "billing.refused.quote",
  "billing.no_customer": "billing.refused.customer",
  "billing.country": "billing.refused.country",
  "billing.customer": "billing.refused.customer",
  "billing.document_unknown": "billing.refused.document",
  "billing.paid": "billing.refused.paid",
  "billing.by_hand": "billing.refused.byHand",
  "billing.no_way_to_pay": "billing.refused.noWay",
  "billing.provider_away": "billing.refused.providerAway",
  "billing.provider_refused": "billing.refused.providerRefused",
  "org.not_allowed": "billing.refused.owner",
  "request.invalid": "billing.refused.fields",
  other: "billing.refused.other",
};

export function wordsOf(t: Translate, trouble: Trouble | null): string | undefined {
  if (trouble === null) return undefined;
  return trouble === "gone" ? t("billing.refused.gone") : refusalWords(t, trouble, own);
}
