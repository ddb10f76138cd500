import type { ReactNode } from "react";

import type { GrowthReport } from "../../core/api/growth-client";
import { useLocale, useT } from "../../i18n/react";

import { Share, type Table, Tabled } from "./drawn";
import styles from "./growth.module.css";
import { count, exact, month, percent, span } from "./said";

export function Lists({ of, csv }: { of: GrowthReport; csv(table: string): string }) {
  const t = useT();
  const locale = useLocale();
  const { funnel, domains, reasons, cohorts, uncounted } = of;
  const most = Math.max(0, ...cohorts.map(({ customers }) => customers.length));
  return (
    <>
      {uncounted.length > 0 && (
        <p className={styles.warned} role="status">
          {t("growth.uncounted", {
            what: uncounted
              .map((one) => `${exact(one.amount, one.currency, locale)} (${month(one.since, locale)})`)
              .join(", "),
          })}
        </p>
      )}
      <div className={styles.lists}>
        <Listed
          title={t("growth.funnel")}
          csv={csv("funnel")}
          hint={t("growth.is.funnel")}
          table={{
            head: ["step", "reached", "soFarColumn", "ofBefore", "median"].map((id) => t(`growth.${id}`)),
            rows: funnel.map(({ step, many, so_far: soFar, median_days: days }, n) => {
              const before = funnel[n - 1];
              const part = before && before.so_far > 0 ? soFar / before.so_far : null;
              return [
                t(`growth.step.${step}`),
                count(many, locale),
                count(soFar, locale),
                before ? <Share key="share" of={part} said={percent(part, locale)} /> : t("growth.first"),
                days === null ? "–" : t("growth.days", { count: Math.round(days) }),
              ];
            }),
          }}
        />
        <Listed
          title={t("growth.domains")}
          unit={t("growth.fiveOrMore")}
          csv={csv("domains")}
          table={{
            head: [t("growth.domain"), t("growth.hosts"), t("growth.newHosts")],
            rows: domains
              .slice(0, 10)
              .map((one) => [one.domain, count(one.hosts, locale), `+${count(one.new, locale)}`]),
          }}
          none={t("growth.noDomains")}
        />
        <Listed
          title={t("growth.cohorts")}
          unit={t("growth.byQuarter")}
          csv={csv("cohorts")}
          table={{
            head: [t("growth.began"), t("growth.figure.customers"), ...later(most)],
            rows: cohorts.map(({ began, customers }) =>
              [span(began, locale), count(customers[0] ?? 0, locale)].concat(
                later(most).map((_, n) => {
                  const kept = customers[n + 1];
                  return kept === undefined || !customers[0] ? "" : percent(kept / customers[0], locale);
                }),
              ),
            ),
          }}
          none={t("growth.noCohorts")}
        />
        <Listed
          title={t("growth.reasons")}
          table={{
            head: [t("growth.reason"), t("growth.figure.customers")],
            rows: reasons.map(({ reason, many }) => [reason || t("growth.noReason"), count(many, locale)]),
          }}
          none={t("growth.noneLeft")}
        />
      </div>
    </>
  );
}

const later = (most: number) => Array.from({ length: Math.max(0, most - 1) }, (_, n) => `+${n + 1}`);

function Listed({
  title,
  unit,
  csv,
  table,
  none,
  hint,
}: {
  title: string;
  unit?: string;
  csv?: string;
  table: Table;
  none?: ReactNode;
  hint?: ReactNode;
}) {
  const t = useT();
  return (
    <section className={styles.chart}>
      <div className={styles.top}>
        <h2>
          {title} {unit && <span className={styles.unit}>{unit}</span>}
        </h2>
        {csv && (
          <a className={styles.way} href={csv} download aria-label={t("growth.csvOf", { what: title })}>
            CSV
          </a>
        )}
      </div>
      {table.rows.length === 0 ? <p className={styles.hint}>{none}</p> : <Tabled of={table} name={title} />}
      {hint && <p className={styles.hint}>{hint}</p>}
    </section>
  );
}
