import { useState } from "react";

import type { DocumentListed } from "../../core/api/billing-client";
import { day, inWords } from "../../core/money";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Download } from "../../ui/Download";
import { Check, CircleAlert } from "../../ui/icons";
import { PageLink } from "../../ui/PageLink";

import styles from "./billing.module.css";
import { usePapers } from "./papers";

const FEW = 6;

/** What was sent, the newest first. */
export function Documents({ documents }: { documents: readonly DocumentListed[] }) {
  const t = useT();
  const [all, setAll] = useState(false);
  if (documents.length === 0) return null;
  return (
    <section aria-label={t("billing.documents")}>
      <h2>{t("billing.documents")}</h2>
      <div className={styles.scrolls} tabIndex={-1}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("billing.documents.number")}</th>
              <th scope="col">{t("billing.documents.day")}</th>
              <th scope="col" className={styles.amount}>
                {t("billing.documents.total")}
              </th>
              <th scope="col">{t("billing.documents.state")}</th>
              <th scope="col">
                <span className="visually-hidden">{t("billing.documents.pdf")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {(all ? documents : documents.slice(0, FEW)).map((one) => (
              <Row key={one.number} one={one} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={styles.foot}>
        {t("billing.documents.fixed")}
        {!all && documents.length > FEW && (
          <Button look="plain" size={32} onPress={() => setAll(true)}>
            {t("billing.documents.all", { count: documents.length })}
          </Button>
        )}
      </p>
    </section>
  );
}

function Row({ one }: { one: DocumentListed }) {
  const t = useT();
  const locale = useLocale();
  const { at: list, paper, ready, go } = usePapers();
  const at = `${list}/${one.number}`;
  return (
    <tr>
      <th scope="row">
        <PageLink to={at} go={go}>
          {one.number}
        </PageLink>
      </th>
      <td>{day(one.issued_on, locale)}</td>
      <td className={styles.amount}>{inWords(one.total, one.currency, locale)}</td>
      <td>
        <State one={one} />
      </td>
      <td>
        <Download
          href={paper(one.number, locale)}
          name={`${one.number}.pdf`}
          label={t("billing.documents.pdf.of", { number: one.number })}
          ready={ready}
        >
          PDF
        </Download>
      </td>
    </tr>
  );
}

/** Shape before colour. */
export function State({ one }: { one: DocumentListed }) {
  const t = useT();
  const locale = useLocale();
  if (one.kind === "credit_note") return t("billing.creditNote");
  if (one.owed === "paid")
    return (
      <span className={styles.state}>
        <Check size={16} strokeWidth={1.75} aria-hidden="true" />
        {t("billing.paid")}
      </span>
    );
  return (
    <span className={styles.state} data-late={one.owed === "late" || undefined}>
      {one.owed === "late" && <CircleAlert size={16} strokeWidth={1.75} aria-hidden="true" />}
      {t(one.owed === "late" ? "billing.late" : "billing.open", {
        day: day(one.due_on, locale),
        left: inWords(one.left, one.currency, locale),
      })}
    </span>
  );
}
