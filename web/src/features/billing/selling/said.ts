/** Plans, terms and standings in words. */
import type {
  CustomerListed,
  PlanSaid,
  QuoteShown,
  SeatPrice,
  TermsShown,
} from "../../../core/api/selling-client";
import { day, inWords } from "../../../core/money";
import type { Translate } from "../../../i18n/react";

import { services } from "./drafts";

export function priceOf(t: Translate, { period, seat }: SeatPrice, locale: string): string {
  return t("billing.selling.price", { price: inWords(seat.amount, seat.currency, locale), period });
}

export function pricesOf(t: Translate, plan: PlanSaid, locale: string): string {
  const prices = plan.prices ?? [];
  return prices.length === 0
    ? t("billing.selling.plan.free")
    : prices.map((one) => priceOf(t, one, locale)).join(" · ");
}

export function holdsOf(t: Translate, plan: PlanSaid): string {
  const { people, minutes, at_once: atOnce } = plan.limits ?? {};
  const said = [
    people && t("billing.selling.holds.people", { people }),
    minutes && t("billing.selling.holds.minutes", { minutes }),
    atOnce && t("billing.selling.holds.at_once", { atOnce }),
    ...services.filter((one) => plan.services?.includes(one)).map((one) => t(`billing.service.${one}`)),
    t(`billing.selling.support.${plan.support ?? "community"}`),
    plan.trial_days && t("billing.selling.holds.trial", { days: plan.trial_days }),
  ];
  return said.filter(Boolean).join(" · ");
}

export function termsOf(t: Translate, { name, seats, period }: TermsShown): string {
  return t("billing.selling.terms", { plan: name, seats, period });
}

export function quotedOf(t: Translate, { terms, starts, ends }: QuoteShown, locale: string): string {
  return t("billing.quote.terms", {
    plan: terms.name,
    seats: terms.seats,
    price: inWords(terms.price, terms.currency, locale),
    period: terms.period,
    starts: day(starts, locale),
    ends: day(ends, locale),
  });
}

/** What somebody is to us at a glance. */
export function stateOf({ subscription, quotes, accepted, restricted, standing }: CustomerListed) {
  if (standing === "past_due") return restricted ? "restricted" : "past_due";
  if (subscription?.leaving) return "leaving";
  if (subscription?.until) return "contract";
  if (subscription) return subscription.standing;
  if (accepted) return "agreed";
  return quotes.length > 0 ? "offered" : "cancelled";
}
