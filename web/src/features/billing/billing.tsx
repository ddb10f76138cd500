import { useCallback, useState } from "react";

import type { PlanPage } from "../../core/api/billing-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { useAsked } from "../../ui/asking";

import { Answered } from "./Answered";
import styles from "./billing.module.css";
import { CancelDialog } from "./CancelDialog";
import { ChooseDialog } from "./ChooseDialog";
import { Coming } from "./Coming";
import { Customer } from "./Customer";
import { type Shown, useBilling } from "./desk";
import { Documents } from "./Documents";
import { Held } from "./Held";
import { Limits } from "./Limits";
import { WayToPay } from "./Paying";
import { Quotes } from "./Quotes";

/** What the organisation has, what it pays next, and what it paid. */
export function Plan() {
  const { api, org } = useBilling();
  const [asked, reload] = useAsked(useCallback(() => api.page(org), [api, org]));
  return (
    <Answered asked={asked} onRetry={reload}>
      {(page) => <Whole key={`${org} ${page.seen}`} first={page} />}
    </Answered>
  );
}

function Whole({ first }: { first: PlanPage }) {
  const t = useT();
  const { api, org, owns } = useBilling();
  const [page, setPage] = useState(first);
  const [choosing, setChoosing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const again = useCallback(async () => {
    const answer = await api.page(org);
    if (answer.kind === "ok") setPage(answer.value);
  }, [api, org]);
  const shown: Shown = { page, onChanged: setPage, again };
  const offered = page.offered.some(({ prices }) => prices.length > 0);
  const { subscription } = page;
  return (
    <>
      <title>{`${t("billing.title")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("billing.title")}</h1>
        {owns && offered && (
          <Button look="primary" onPress={() => setChoosing(true)}>
            {t(subscription ? "billing.change" : "billing.choose")}
          </Button>
        )}
      </div>
      <div className={styles.columns}>
        <div className={styles.column}>
          <Quotes {...shown} />
          <Held {...shown} />
          {page.coming && <Coming bill={page.coming} />}
          <Documents documents={page.documents} />
        </div>
        <div className={styles.column}>
          <Limits page={page} />
          <Customer {...shown} />
          <WayToPay />
          {owns && subscription && !subscription.leaving && (
            <p className={styles.leave}>
              <Button look="plain" onPress={() => setLeaving(true)}>
                <span className={styles.danger}>{t("billing.cancel")}</span>
              </Button>
            </p>
          )}
        </div>
      </div>
      {choosing && <ChooseDialog {...shown} onClose={() => setChoosing(false)} />}
      {leaving && subscription && (
        <CancelDialog {...shown} subscription={subscription} onClose={() => setLeaving(false)} />
      )}
    </>
  );
}
