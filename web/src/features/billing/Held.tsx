import type { SubscriptionShown } from "../../core/api/billing-client";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TriangleAlert } from "../../ui/icons";

import styles from "./billing.module.css";
import { type Shown, useBilling, useDecision } from "./desk";
import { day, inWords } from "../../core/money";
import { wordsOf } from "./trouble";

/** The plan that it has, and what is to come of it. */
export function Held(shown: Shown) {
  const { page } = shown;
  const t = useT();
  const { subscription: held, plan, accepted, restricted } = page;
  const locale = useLocale();
  return (
    <>
      {held?.standing === "past_due" && (
        <p className={styles.warn} role="status">
          <TriangleAlert size={20} strokeWidth={1.75} aria-hidden="true" />
          {t(restricted ? "billing.restricted" : "billing.pastDue")}
        </p>
      )}
      <section className={styles.card} aria-label={t("billing.plan")}>
        <div className={styles.told}>
          <h2>
            {held
              ? t("billing.held", { plan: held.terms.name, period: held.terms.period })
              : t("billing.free", { plan: plan.name })}
          </h2>
          <p>
            {held
              ? t("billing.held.price", {
                  price: inWords(held.terms.seat, held.terms.currency, locale),
                  period: held.terms.period,
                })
              : t("billing.free.text")}
          </p>
          {held && <Standing held={held} />}
        </div>
        {held && (
          <p className={styles.many}>
            <strong>{held.terms.seats}</strong> {t("billing.seats", { seats: held.terms.seats })}
          </p>
        )}
        {held && <ToCome {...shown} held={held} />}
        {accepted && (
          <p className={styles.wide}>
            {t("billing.accepted", {
              plan: accepted.terms.name,
              seats: accepted.terms.seats,
              day: day(accepted.starts, locale),
            })}
          </p>
        )}
      </section>
    </>
  );
}

function Standing({ held }: { held: SubscriptionShown }) {
  const t = useT();
  const locale = useLocale();
  if (held.standing === "trial") return <p>{t("billing.trial", { day: day(held.last, locale) })}</p>;
  if (held.until !== null) return <p>{t("billing.contract", { day: day(held.until, locale) })}</p>;
  return null;
}

function ToCome({ held, ...shown }: Shown & { held: SubscriptionShown }) {
  const t = useT();
  const locale = useLocale();
  const { api, org, owns } = useBilling();
  const decision = useDecision(shown);
  if (!held.leaving && !held.next) return null;
  const last = held.until ?? held.last;

  return (
    <div className={styles.toCome}>
      <p>
        {held.next
          ? t("billing.next", {
              plan: held.next.name,
              seats: held.next.seats,
              period: held.next.period,
              day: day(held.last, locale),
            })
          : t("billing.leaving", { day: day(last, locale) })}
      </p>
      {owns && (
        <Button
          isDisabled={decision.busy}
          onPress={() => void decision.decide(() => api.keep(org, shown.page.seen))}
        >
          {t(held.next ? "billing.keep" : "billing.stay")}
        </Button>
      )}
      {decision.trouble && <p className={styles.error}>{wordsOf(t, decision.trouble)}</p>}
    </div>
  );
}
