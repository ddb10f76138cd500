import { useCallback } from "react";

import type { GrowthBook } from "../../core/api/growth-client";
import { useLocale, useT } from "../../i18n/react";

import { useAsked, useDesk } from "./desk";
import { Tabled } from "./drawn";
import styles from "./growth.module.css";
import { type Look, Looked, LookingProvider } from "./looking";
import { count, exact, money, month, percent, range } from "./said";

/** What a forecast is made of: three parts, and at which rates customers of each age are expected to renew. */
export function Forecasted({
  book,
  look,
  onLook,
}: {
  book: GrowthBook;
  look: Look;
  onLook(look: Look): void;
}) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const { quarter } = look;
  const { value } = useAsked(useCallback(() => api.forecast(book.name, quarter), [api, book.name, quarter]));
  if (value === null) return null;
  const { kept, now, spread, cohorts } = value;
  const said = (minor: number) => money(minor, book.currency, locale);
  return (
    <LookingProvider value={onLook}>
      <p className={styles.sum}>
        <span>{t("growth.figure.forecast")}</span>
        <span>{range(kept.low, kept.high, book.currency, locale)}</span>
      </p>
      <Tabled
        name={t("growth.forecast.parts")}
        of={{
          head: [t("growth.forecast.part"), t("growth.forecast.amount")],
          rows: (["recognised", "contracted", "renewals"] as const).map((part) => [
            t(`growth.forecast.${part}`),
            part === "renewals" ? (
              exact(kept[part], book.currency, locale)
            ) : (
              <Looked key={part} at={{ ...look, figure: part, what: t(`growth.forecast.${part}`) }}>
                {exact(kept[part], book.currency, locale)}
              </Looked>
            ),
          ]),
        }}
      />
      <p className={styles.hint}>{t("growth.forecast.spread", { spread: percent(spread, locale) })}</p>
      {(now.low !== kept.low || now.high !== kept.high) && (
        <p className={styles.hint}>
          {t("growth.forecast.now", { range: range(now.low, now.high, book.currency, locale) })}
        </p>
      )}
      <Tabled
        name={t("growth.forecast.rates")}
        of={{
          head: [
            t("growth.began"),
            t("growth.figure.customers"),
            t("growth.figure.mrr"),
            t("growth.forecast.rate"),
            t("growth.forecast.contracted"),
            t("growth.forecast.renewals"),
          ],
          rows: cohorts.map((one) => [
            month(one.began, locale),
            count(one.customers, locale),
            said(one.mrr),
            percent(one.rate, locale),
            said(one.contracted),
            one.renewals === 0 ? (
              said(0)
            ) : (
              <Looked
                key={one.began}
                at={{
                  ...look,
                  began: one.began,
                  what: t("growth.forecast.of", { began: month(one.began, locale) }),
                }}
              >
                {said(one.renewals)}
              </Looked>
            ),
          ]),
        }}
      />
    </LookingProvider>
  );
}
