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
        <p>{t("selling.effect.new", { plan: after.name, prices: pricesOf(t, after, locale) })}</p>
        <p className={styles.hint}>{holdsOf(t, after)}</p>
      </>
    );
  const all = changes(before, after);
  if (all.length === 0) return <p>{t("selling.effect.nothing")}</p>;
  const isPriced = all.some(({ what }) => what === "price");
  return (
    <>
      <ul className={styles.changes}>
        {all.map((one) => (
          <li key={JSON.stringify(one)}>{changeOf(t, one, locale)}</li>
        ))}
      </ul>
      {isPriced && <p className={styles.hint}>{t("selling.effect.prices")}</p>}
      {all.some(({ what }) => what !== "price") && <p className={styles.hint}>{t("selling.effect.rest")}</p>}
    </>
  );
}

function changeOf(t: Translate, one: Change, locale: string): string {
  const none = t("billing.limit.none");
  switch (one.what) {
    case "name":
      return t("selling.changed", { what: t("selling.plan.name"), before: one.before, after: one.after });
    case "price": {
      const said = (amount: number | null) =>
        amount === null ? t("selling.price.none") : inWords(amount, one.currency, locale);
      const what = t("selling.changed.price", { currency: one.currency, period: one.period });
      return t("selling.changed", { what, before: said(one.before), after: said(one.after) });
    }
    case "service":
      return t(one.after ? "selling.changed.added" : "selling.changed.taken", {
        what: t(`billing.service.${one.service}`),
      });
    case "support":
      return t("selling.changed", {
        what: t("selling.support"),
        before: t(`selling.support.${one.before}.word`),
        after: t(`selling.support.${one.after}.word`),
      });
    case "people":
    case "minutes":
    case "at_once":
      return counted(t, t(`billing.limit.${one.what}`), one, none);
    case "fewest":
    case "most":
      return counted(t, t(`selling.${one.what}`), one, none);
    case "trial":
      return counted(t, t("selling.trial"), one, t("selling.trial.none"));
  }
}

function counted(
  t: Translate,
  what: string,
  { before, after }: { before: number | null; after: number | null },
  none: string,
): string {
  return t("selling.changed", { what, before: before ?? none, after: after ?? none });
}
