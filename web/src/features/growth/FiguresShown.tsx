import type { Figure, GrowthReport } from "../../core/api/growth-client";
import { useLocale, useT } from "../../i18n/react";

import { looked, useLooking } from "./looking";
import { change, count, money, month, percent, range, span } from "./said";
import styles from "./growth.module.css";

interface Said {
  id: string;
  /** What can be looked behind. */
  behind?: Figure;
  value: string;
  more?: string;
}

/** In the first row: those of the story. */
const FIRST = 5;

/** Every figure, with what it is beside it. */
export function FiguresShown({ of }: { of: GrowthReport }) {
  const t = useT();
  const locale = useLocale();
  const onLook = useLooking();
  const made = of.forecasts.at(-1)?.made;
  const figures = useSaid(of);
  const rows = [figures.slice(0, FIRST), figures.slice(FIRST)];
  const large = money(of.book.large, of.book.currency, locale);
  return rows.map((row, n) => (
    <ul key={row[0]?.id} className={styles.figures} data-more={n > 0 || undefined}>
      {row.map(({ id, behind, value, more }) => (
        <li key={id} className={styles.figure}>
          <h2>{t(`growth.figure.${id}`)}</h2>
          {behind ? (
            <button
              type="button"
              className={styles.value}
              aria-label={t("growth.behindOf", { what: t(`growth.figure.${id}`), value })}
              onClick={() =>
                onLook({
                  ...looked(behind, behind === "renewals" ? (made ?? "") : of.shown.quarter.id),
                  what: t(`growth.figure.${id === "forecast" ? id : behind}`),
                  when: behind === "renewals" ? month(made ?? "", locale) : span(of.shown.quarter, locale),
                })
              }
            >
              {value}
            </button>
          ) : (
            <p className={styles.value}>{value}</p>
          )}
          {more && <p className={styles.changed}>{more}</p>}
          <p className={styles.hint}>{t(`growth.is.${id}`, { large })}</p>
        </li>
      ))}
    </ul>
  ));
}

function useSaid({ book: { currency }, shown, before, forecasts, ...met }: GrowthReport): Said[] {
  const t = useT();
  const locale = useLocale();
  const said = (minor: number) => money(minor, currency, locale);
  const ago = shown.quarter.id.endsWith("y") ? before.at(-2) : before.at(-5);
  const on = (part: number | null) =>
    part === null
      ? t("growth.nothingBefore")
      : ago
        ? t("growth.on", { change: change(part, locale), when: span(ago.quarter, locale) })
        : change(part, locale);
  const ranges = forecasts.map(({ low, high }) => range(low, high, currency, locale));
  return [
    { id: "revenue", behind: "revenue", value: said(shown.revenue), more: on(shown.revenue_grew) },
    {
      id: "profit",
      behind: "profit",
      value: said(shown.profit),
      more: t("growth.margin", { part: percent(shown.margin, locale) }),
    },
    {
      id: "over_ten",
      behind: "over_ten",
      value: count(shown.over_ten, locale),
      more: on(shown.over_ten_grew),
    },
    {
      id: "large",
      behind: "large",
      value: count(shown.large, locale),
      more:
        shown.large_before === 0
          ? t("growth.nothingBefore")
          : t("growth.from", {
              change: change(shown.large_grew, locale),
              before: count(shown.large_before, locale),
            }),
    },
    {
      id: "forecast",
      ...(ranges.length > 0 && { behind: "renewals" as const }),
      value: ranges.at(-1) ?? "–",
      more: ranges.length > 1 ? t("growth.raised", { before: ranges.at(-2) }) : "",
    },
    { id: "customers", behind: "customers", value: count(shown.customers, locale) },
    { id: "mrr", behind: "mrr", value: said(shown.mrr), more: t("growth.arr", { arr: said(shown.arr) }) },
    { id: "net", behind: "net", value: percent(shown.net_retention, locale) },
    { id: "gross", behind: "gross", value: percent(shown.gross_retention, locale) },
    { id: "churn", behind: "left", value: percent(shown.churn, locale) },
    {
      id: "met",
      behind: "met",
      value: count(met.daily, locale),
      more: t("growth.monthly", {
        monthly: count(met.monthly, locale),
        organisations: count(met.organisations_daily, locale),
      }),
    },
  ];
}
