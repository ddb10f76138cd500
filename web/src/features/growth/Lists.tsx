import type { ReactNode } from "react";

import type { GrowthReport } from "../../core/api/growth-client";
import { useLocale, useT } from "../../i18n/react";

import { Share, type Table, Tabled } from "./drawn";
import styles from "./growth.module.css";
import { Looked, looked } from "./looking";
import { count, exact, money, month, percent, span } from "./said";

export function Lists({ of, csv }: { of: GrowthReport; csv(table: string): string }) {
  const t = useT();
  const locale = useLocale();
  const { funnel, domains, reasons, cohorts, uncounted, shown } = of;
  const when = span(shown.quarter, locale);
  const at = shown.quarter.id;
  const said = (minor: number) => money(minor, of.book.currency, locale);
  const most = Math.max(0, ...cohorts.map(({ customers }) => customers.length));
  return (
    <>
      {uncounted.length > 0 && (
        <div className={styles.warned} role="status">
          <p>{t("growth.uncounted")}</p>
          <ul>
            {uncounted.map((one) => (
              <li key={one.currency}>
                <Looked
                  at={{
                    ...looked("uncounted", at, one.currency),
                    what: t("growth.figure.uncounted"),
                    when: one.currency,
                  }}
                >
                  {t(one.monthly > 0 ? "growth.uncounted.both" : "growth.uncounted.one", {
                    amount: exact(one.amount, one.currency, locale),
                    monthly: exact(one.monthly, one.currency, locale),
                    since: month(one.since, locale),
                  })}
                </Looked>
              </li>
            ))}
          </ul>
        </div>
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
                many === 0 ? (
                  "0"
                ) : (
                  <Looked
                    key={step}
                    at={{ ...looked(`step_${step}`, at), what: t(`growth.step.${step}`), when }}
                  >
                    {count(many, locale)}
                  </Looked>
                ),
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
            rows: cohorts.map(({ began, customers }) => {
              const [first] = customers;
              const cells = customers.map((kept, n) => {
                const cell = laterBy(began.first, n);
                const look = {
                  ...looked("cohort", cell, "", began.first),
                  what: t("growth.cohortOf", { began: span(began, locale) }),
                  when: month(laterBy(cell, 0, 2), locale),
                };
                return (
                  <Looked key={cell} at={look}>
                    {n === 0 ? count(kept, locale) : percent(first ? kept / first : null, locale)}
                  </Looked>
                );
              });
              const none = Array.from({ length: Math.max(1, most) - cells.length }, () => "");
              return [span(began, locale) as ReactNode].concat(cells, none);
            }),
          }}
          none={t("growth.noCohorts")}
        />
        <Listed
          title={t("growth.moved")}
          csv={csv("quarters")}
          hint={t("growth.is.moved")}
          table={{
            head: [t("growth.move"), t("growth.figure.mrr"), "ARR"],
            rows: [
              [t("growth.move.before"), said(shown.mrr_before), said(12 * shown.mrr_before)],
              ...MOVES.map(({ id, sign }) => {
                const amount = sign * shown[id];
                return [
                  t(`growth.figure.${id}`),
                  <Looked key={id} at={{ ...looked(id, at), what: t(`growth.figure.${id}`), when }}>
                    {said(amount)}
                  </Looked>,
                  said(12 * amount),
                ];
              }),
              [
                t("growth.move.after"),
                <Looked key="mrr" at={{ ...looked("mrr", at), what: t("growth.figure.mrr"), when }}>
                  {said(shown.mrr)}
                </Looked>,
                said(shown.arr),
              ],
            ],
          }}
        />
        <Listed
          title={t("growth.reasons")}
          csv={csv("reasons")}
          table={{
            head: [t("growth.reason"), t("growth.figure.customers")],
            rows: reasons.map(({ reason, many }) => {
              const word = reason || t("growth.noReason");
              return [
                word,
                <Looked
                  key={reason}
                  at={{ ...looked("reason", at, reason), what: t("growth.reasonOf", { reason: word }), when }}
                >
                  {count(many, locale)}
                </Looked>,
              ];
            }),
          }}
          none={t("growth.noneLeft")}
        />
      </div>
    </>
  );
}

const MOVES = [
  { id: "mrr_new", sign: 1 },
  { id: "mrr_back", sign: 1 },
  { id: "mrr_more", sign: 1 },
  { id: "mrr_less", sign: -1 },
  { id: "mrr_gone", sign: -1 },
] as const;

/** The first month of the quarter so many after, or so many months on. */
function laterBy(first: string, quarters: number, months = 0): string {
  const [year, at] = first.split("-").map(Number);
  return new Date(Date.UTC(year ?? 0, (at ?? 1) - 1 + 3 * quarters + months, 1)).toISOString().slice(0, 7);
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
