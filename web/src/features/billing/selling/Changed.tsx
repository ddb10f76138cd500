import type { PlanSaid } from "../../../core/api/selling-client";
import { inWords } from "../../../core/money";
import { type Translate, useLocale, useT } from "../../../i18n/react";

import { type Change, changes } from "./drafts";
import { holdsOf, pricesOf } from "./said";
import styles from "./selling.module.css";

/** What becomes another, and from when on. null where nothing does. */
export function Changed({ before, after }: { before: PlanSaid | null; after: PlanSaid }) {
  const t = useT();
  const locale = useLocale();
  if (before === null)
    return (
      <>
        <p>{t("billing.selling.effect.new", { plan: after.name, prices: pricesOf(t, after, locale) })}</p>
        <p className={styles.hint}>{holdsOf(t, after)}</p>
      </>
    );
  const all = changes(before, after);
  if (all.length === 0) return <p>{t("billing.selling.effect.nothing")}</p>;
  const isPriced = all.some(({ what }) => what === "price");
  return (
    <>
      <ul className={styles.changes}>
        {all.map((one) => (
          <li key={JSON.stringify(one)}>{changeOf(t, one, locale)}</li>
        ))}
      </ul>
      {isPriced && <p className={styles.hint}>{t("billing.selling.effect.prices")}</p>}
      {all.some(({ what }) => what !== "price") && (
        <p className={styles.hint}>{t("billing.selling.effect.rest")}</p>
      )}
    </>
  );
}

function changeOf(t: Translate, one: Change, locale: string): string {
  const none = t("billing.limit.none");
  switch (one.what) {
    case "name":
      return t("billing.selling.changed", {
        what: t("billing.selling.plan.name"),
        before: one.before,
        after: one.after,
      });
    case "price": {
      const said = (amount: number | null) =>
        amount === null ? t("billing.selling.price.none") : inWords(amount, one.currency, locale);
      const what = t("billing.selling.changed.price", { currency: one.currency, period: one.period });
      return t("billing.selling.changed", { what, before: said(one.before), after: said(one.after) });
    }
    case "service":
      return t(one.after ? "billing.selling.changed.added" : "billing.selling.changed.taken", {
        what: t(`billing.service.${one.service}`),
      });
    case "support":
      return t("billing.selling.changed", {
        what: t("billing.selling.support"),
        before: t(`billing.selling.support.${one.before}.word`),
        after: t(`billing.selling.support.${one.after}.word`),
      });
    case "people":
    case "minutes":
    case "at_once":
      return counted(t, t(`billing.limit.${one.what}`), one, none);
    case "fewest":
    case "most":
      return counted(t, t(`billing.selling.${one.what}`), one, none);
    case "trial":
      return counted(t, t("billing.selling.trial"), one, t("billing.selling.trial.none"));
  }
}

function counted(
  t: Translate,
  what: string,
  { before, after }: { before: number | null; after: number | null },
  none: string,
): string {
  return t("billing.selling.changed", { what, before: before ?? none, after: after ?? none });
}
