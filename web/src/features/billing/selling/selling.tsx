/** Everybody's plans and money, for who runs the server. What something comes to is shown before it is said. */
import { useState } from "react";

import type { PlanSaid, RateShown } from "../../../core/api/selling-client";
import { useT } from "../../../i18n/react";
import { useAsked } from "../../../ui/asking";
import { Banner } from "../../../ui/Banner";
import { Button } from "../../../ui/Button";
import { Download } from "../../../ui/Download";

import { usePapers } from "../papers";

import { Answered } from "./Answered";
import { CustomerPage } from "./CustomerPage";
import { Customers } from "./Customers";
import { useSelling } from "./desk";
import { FREE } from "./drafts";
import { NewOffer } from "./Offer";
import { Paper } from "./Paper";
import { Plans } from "./Plans";
import { Rates } from "./Rates";
import styles from "./selling.module.css";

/** @param org the customer that is looked at @param number the document of theirs */
export function Selling({ org, number }: { org: string | undefined; number: string | undefined }) {
  if (org === undefined) return <Whole />;
  return number === undefined ? <CustomerPage key={org} org={org} /> : <Paper key={number} number={number} />;
}

function Whole() {
  const t = useT();
  const { api } = useSelling();
  const [plans, reloadPlans] = useAsked(api.plans);
  const [rates, reloadRates] = useAsked(api.rates);
  return (
    <>
      <title>{`${t("billing.selling.title")} · Folkmoot`}</title>
      <Answered asked={plans} onRetry={reloadPlans}>
        {({ plans: each, seller }) => (
          <Columns
            plans={each}
            seller={seller}
            rates={rates.at === "here" ? rates.value : []}
            onPlans={reloadPlans}
            onRates={reloadRates}
          />
        )}
      </Answered>
    </>
  );
}

interface ColumnsProps {
  plans: readonly PlanSaid[];
  seller: string;
  rates: readonly RateShown[];
  onPlans(): void;
  onRates(): void;
}

function Columns({ plans, seller, rates, onPlans, onRates }: ColumnsProps) {
  const t = useT();
  const [offering, setOffering] = useState(false);
  const paid = plans.filter(({ id }) => id !== FREE);
  return (
    <>
      <div className={styles.head}>
        <h1>{t("billing.selling.title")}</h1>
        {paid.length > 0 && (
          <Button look="primary" onPress={() => setOffering(true)}>
            {t("billing.selling.offer.make")}
          </Button>
        )}
      </div>
      {paid.length > 0 && !seller && (
        <div className={styles.nobody}>
          <Banner tone="warn" title={t("billing.selling.nobody")}>
            {t("billing.selling.nobody.then")}
          </Banner>
        </div>
      )}
      <div className={styles.columns}>
        <div className={styles.column}>
          <Customers />
        </div>
        <div className={styles.column}>
          <Plans plans={plans} onSaid={onPlans} />
          <Rates rates={rates} onSaid={onRates} />
          <Books />
        </div>
      </div>
      {offering && <NewOffer plans={paid} onClose={() => setOffering(false)} />}
    </>
  );
}

/** What an accountant, or another tool, reads. */
function Books() {
  const t = useT();
  const { api } = useSelling();
  const { ready } = usePapers();
  return (
    <section aria-label={t("billing.selling.books")}>
      <h2>{t("billing.selling.books")}</h2>
      <p className={styles.hint}>{t("billing.selling.books.hint")}</p>
      <p className={styles.links}>
        <Download href={api.books("beancount")} ready={ready}>
          {t("billing.selling.books.ledger")}
        </Download>
        <Download href={api.books("events")} ready={ready}>
          {t("billing.selling.books.events")}
        </Download>
      </p>
    </section>
  );
}
