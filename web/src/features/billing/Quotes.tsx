import { useState } from "react";

import type { QuoteShown } from "../../core/api/billing-client";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

import styles from "./billing.module.css";
import { Buttons } from "./Buttons";
import { FirstWhoPays } from "./Customer";
import { type Shown, useBilling, useDecision } from "./desk";
import { day, inWords } from "../../core/money";
import { Costs, usePreview } from "./preview";
import { wordsOf } from "./trouble";

/** What who runs the server offers this organisation alone. */
export function Quotes(shown: Shown) {
  const { page } = shown;
  const t = useT();
  const locale = useLocale();
  const { owns } = useBilling();
  const [chosen, choose] = useState<QuoteShown | null>(null);
  return (
    <>
      {page.quotes.map((quote) => (
        <section key={quote.id} className={styles.card} aria-label={t("billing.quote")}>
          <div className={styles.told}>
            <h2>{t("billing.quote")}</h2>
            <p>{quoted(t, quote, locale)}</p>
            <p>{t("billing.quote.open", { day: day(quote.open_until, locale) })}</p>
          </div>
          {owns && <Button onPress={() => choose(quote)}>{t("billing.quote.look")}</Button>}
        </section>
      ))}
      {chosen && <AcceptDialog {...shown} quote={chosen} onClose={() => choose(null)} />}
    </>
  );
}

function quoted(t: ReturnType<typeof useT>, quote: QuoteShown, locale: string): string {
  return t("billing.quote.terms", {
    plan: quote.terms.name,
    seats: quote.terms.seats,
    price: inWords(quote.terms.price, quote.terms.currency, locale),
    period: quote.terms.period,
    starts: day(quote.starts, locale),
    ends: day(quote.ends, locale),
  });
}

interface AcceptDialogProps extends Shown {
  quote: QuoteShown;
  onClose(): void;
}

function AcceptDialog(props: AcceptDialogProps) {
  const t = useT();
  const { onClose } = props;
  return (
    <Dialog title={t("billing.quote")} isOpen onOpenChange={(open) => !open && onClose()}>
      <FirstWhoPays {...props}>
        <Acceptance {...props} />
      </FirstWhoPays>
    </Dialog>
  );
}

function Acceptance({ quote, onClose, ...shown }: AcceptDialogProps) {
  const t = useT();
  const locale = useLocale();
  const { api, org } = useBilling();
  const decision = useDecision(shown);
  const preview = usePreview({ quote: quote.id }, shown.page.seen);

  async function accept() {
    if (await decision.decide(() => api.accept(org, quote.id, shown.page.seen))) onClose();
  }

  return (
    <div className={styles.form}>
      <p>{quoted(t, quote, locale)}</p>
      <Costs preview={preview} />
      {decision.trouble && <p className={styles.error}>{wordsOf(t, decision.trouble)}</p>}
      <Buttons onClose={onClose}>
        <Button
          look="primary"
          isDisabled={decision.busy || preview.at !== "here"}
          onPress={() => void accept()}
        >
          {t("billing.quote.accept")}
        </Button>
      </Buttons>
    </div>
  );
}
