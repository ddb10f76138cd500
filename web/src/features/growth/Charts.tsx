import type { GrowthReport } from "../../core/api/growth-client";
import { useLocale, useT } from "../../i18n/react";

import { Bars, Charted, Line, Ranges } from "./drawn";
import styles from "./growth.module.css";
import { Looked, looked } from "./looking";
import { change, compact, count, label, money, month, range, short, span } from "./said";

const COLUMNS = ["revenue", "profit", "customers", "over_ten", "large", "mrr"] as const;
const IN_MONEY: ReadonlySet<string> = new Set(["revenue", "profit", "mrr"]);

export function Charts({ of, csv }: { of: GrowthReport; csv(table: string): string }) {
  const t = useT();
  const locale = useLocale();
  const { before, shown, book, forecasts, met } = of;
  const isYear = shown.quarter.id.endsWith("y");
  const yearBefore = before.length - (isYear ? 2 : 5);
  const points = (value: (one: (typeof before)[number]) => number, said: (value: number) => string) =>
    before.map((one, n) => ({
      id: one.quarter.id,
      label: label(one.quarter.last, before[n - 1]?.quarter.last, locale),
      value: value(one),
      said: said(value(one)),
    }));
  const inMoney = (minor: number) => money(minor, book.currency, locale);
  return (
    <div className={styles.charts}>
      <Charted
        title={t("growth.revenues")}
        unit={t("growth.inCurrency", { currency: book.currency })}
        csv={csv("quarters")}
        table={{
          head: [t("growth.when"), ...COLUMNS.map((id) => t(`growth.figure.${id}`))],
          rows: before.map((one) => [
            span(one.quarter, locale),
            ...COLUMNS.map((id) => (
              <Looked
                key={id}
                at={{
                  ...looked(id, one.quarter.id),
                  what: t(`growth.figure.${id}`),
                  when: span(one.quarter, locale),
                }}
              >
                {IN_MONEY.has(id) ? inMoney(one[id]) : count(one[id], locale)}
              </Looked>
            )),
          ]),
        }}
      >
        <Bars
          points={points(
            ({ revenue }) => revenue,
            (minor) => short(minor, book.currency, locale),
          )}
          yearBefore={yearBefore}
          change={change(shown.revenue_grew, locale)}
        />
      </Charted>
      <Charted
        title={t("growth.figure.large")}
        unit={t("growth.atEnd")}
        table={{
          head: [t("growth.when"), t("growth.figure.large")],
          rows: before.map((one) => [span(one.quarter, locale), count(one.large, locale)]),
        }}
      >
        <Line
          points={points(
            ({ large }) => large,
            (value) => count(value, locale),
          )}
          yearBefore={yearBefore}
        />
      </Charted>
      <Charted
        title={t("growth.forecasts")}
        csv={csv("forecasts")}
        table={{
          head: [
            t("growth.made"),
            ...["recognised", "contracted", "renewals", "range"].map((id) => t(`growth.forecast.${id}`)),
          ],
          rows: forecasts.map((one) => [
            month(one.made, locale),
            ...(["recognised", "contracted", "renewals"] as const).map((id) => (
              <Looked
                key={id}
                at={{
                  ...looked(id, one.made),
                  what: t(`growth.forecast.${id}`),
                  when: month(one.made, locale),
                }}
              >
                {inMoney(one[id])}
              </Looked>
            )),
            range(one.low, one.high, book.currency, locale),
          ]),
        }}
      >
        <Ranges
          ranges={forecasts.map((one) => ({
            id: one.made,
            label: month(one.made, locale),
            low: one.low,
            high: one.high,
            said: range(one.low, one.high, book.currency, locale),
          }))}
          until={forecasts.at(-1)?.recognised ?? 0}
          words={
            forecasts.length === 0
              ? t("growth.noForecast")
              : t("growth.until", {
                  amount: inMoney(forecasts.at(-1)?.recognised ?? 0),
                  when: month(forecasts.at(-1)?.made ?? "", locale),
                })
          }
        />
      </Charted>
      {met.length > 0 && (
        <div className={styles.whole}>
          <Met of={met} csv={csv("usage")} />
        </div>
      )}
    </div>
  );
}

/** Who met, by month; the same month a year before stands first. */
function Met({ of: met, csv }: { of: GrowthReport["met"]; csv: string }) {
  const t = useT();
  const locale = useLocale();
  const [first, last] = [met[0], met.at(-1)];
  const isYear = met.length > 12 && first && last && first.busiest > 0;
  const columns = [
    "busiest",
    "organisations_busiest",
    "participants",
    "organisations",
    "meetings",
    "minutes",
  ] as const;
  return (
    <Charted
      title={t("growth.figure.met")}
      unit={t("growth.busiestOf")}
      csv={csv}
      table={{
        head: [t("growth.month"), ...columns.map((id) => t(`growth.met.${id}`))],
        rows: met.map((one) => [month(one.month, locale), ...columns.map((id) => count(one[id], locale))]),
      }}
    >
      <Bars
        points={met.map((one, n) => ({
          id: one.month,
          label: label(one.month, met[n - 1]?.month, locale),
          value: one.busiest,
          said: compact(one.busiest, locale),
        }))}
        yearBefore={isYear ? 0 : -1}
        change={change(isYear ? last.busiest / first.busiest - 1 : null, locale)}
      />
    </Charted>
  );
}
