import { type ReactNode, useCallback } from "react";

import type { DocumentShown } from "../../core/api/billing-client";
import { day, inWords } from "../../core/money";
import { useLocale, useT } from "../../i18n/react";
import { useAsked } from "../../ui/asking";
import { Download } from "../../ui/Download";
import { PageLink } from "../../ui/PageLink";

import { Answered } from "./Answered";
import styles from "./billing.module.css";
import { Lines } from "./Coming";
import { Address } from "./Customer";
import { useBilling } from "./desk";
import { State } from "./Documents";
import { Pay } from "./Paying";
import { usePapers } from "./papers";

/** An invoice or a credit note, as it was sent; it prints as it stands. */
export function DocumentPage({ number }: { number: string }) {
  const { api, org } = useBilling();
  const [asked, reload] = useAsked(useCallback(() => api.document(org, number), [api, org, number]));
  return (
    <Answered asked={asked} onRetry={reload}>
      {(document) => (
        <Sheet of={document}>
          <Pay of={document} onLook={reload} />
        </Sheet>
      )}
    </Answered>
  );
}

/** @param children what its reader does with it */
export function Sheet({ of, children }: { of: DocumentShown; children?: ReactNode }) {
  const t = useT();
  const locale = useLocale();
  const { at, back, paper, ready, go } = usePapers();
  const title = t(of.kind === "invoice" ? "billing.invoice" : "billing.creditNote.title", {
    number: of.number,
  });
  return (
    <article className={styles.sheet}>
      <title>{`${title} · Folkmoot`}</title>
      <p className={styles.back}>
        <PageLink to={at} go={go}>
          {back}
        </PageLink>
        <Download href={paper(of.number, locale)} name={`${of.number}.pdf`} ready={ready}>
          {t("billing.documents.pdf")}
        </Download>
      </p>
      <div className={styles.head}>
        <h1>{title}</h1>
        {children}
      </div>
      <dl className={styles.limits}>
        <div>
          <dt>{t("billing.documents.day")}</dt>
          <dd>{day(of.issued_on, locale)}</dd>
        </div>
        {of.corrects && (
          <div>
            <dt>{t("billing.corrects")}</dt>
            <dd>{of.corrects}</dd>
          </div>
        )}
        <div>
          <dt>{t("billing.documents.state")}</dt>
          <dd>
            <State one={of} />
          </dd>
        </div>
      </dl>
      <div className={styles.fields}>
        {of.seller && (
          <section aria-label={t("billing.from")}>
            <h2>{t("billing.from")}</h2>
            <p className={styles.address} dir="auto">
              {of.seller}
            </p>
          </section>
        )}
        <section aria-label={t("billing.to")}>
          <h2>{t("billing.to")}</h2>
          <Address of={of.customer} />
        </section>
      </div>
      <Lines of={of} />
      <div className={styles.sum}>
        <h2>{t("billing.documents.total")}</h2>
        <strong>{inWords(of.total, of.currency, locale)}</strong>
      </div>
    </article>
  );
}
