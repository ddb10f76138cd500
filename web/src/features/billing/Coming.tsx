import type { BillShown, LineShown } from "../../core/api/billing-client";
import { useLocale, useT } from "../../i18n/react";

import styles from "./billing.module.css";
import { day, days, inWords, percent } from "../../core/money";

/** The next invoice as it stands. */
export function Coming({ bill }: { bill: BillShown }) {
  const t = useT();
  const locale = useLocale();
  return (
    <section aria-label={t("billing.coming.label")}>
      <div className={styles.sum}>
        <h2>{t("billing.coming", { day: day(bill.day, locale) })}</h2>
        <strong>{inWords(bill.total - bill.credit, bill.currency, locale)}</strong>
      </div>
      <Lines of={bill} credit={bill.credit} />
    </section>
  );
}

export interface Priced {
  lines: LineShown[];
  net: number;
  tax: number;
  tax_name: string;
  tax_rate: number;
  currency: string;
}

/** Each line with how its amount came about; then the tax, and what was paid before. */
export function Lines({ of, credit = 0 }: { of: Priced; credit?: number }) {
  const t = useT();
  const locale = useLocale();
  const said = (amount: number) => inWords(amount, of.currency, locale);
  return (
    <ul className={styles.lines}>
      {of.lines.map((line, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no name, and never change their order
        <li key={place}>
          <span>
            <strong>{t(`billing.line.${line.kind}`, { seats: line.seats, plan: line.plan })}</strong>
            <small>
              {line.kind === "credit_note"
                ? line.reason
                : t("billing.line.why", { days: days(line.first, line.last, locale), reason: line.reason })}
            </small>
          </span>
          <span className={styles.amount}>{said(line.amount)}</span>
        </li>
      ))}
      {(of.tax !== 0 || of.tax_name !== "") && (
        <li>
          <span>
            <strong>
              {of.tax_name === "reverse charge"
                ? t("billing.tax.reverse")
                : t("billing.tax", { name: of.tax_name, rate: percent(of.tax_rate, locale) })}
            </strong>
            <small>{t("billing.tax.on", { net: said(of.net) })}</small>
          </span>
          <span className={styles.amount}>{said(of.tax)}</span>
        </li>
      )}
      {credit > 0 && (
        <li>
          <span>
            <strong>{t("billing.credit")}</strong>
          </span>
          <span className={styles.amount}>{said(-credit)}</span>
        </li>
      )}
    </ul>
  );
}
