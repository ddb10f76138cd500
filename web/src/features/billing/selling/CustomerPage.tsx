import { useCallback, useState } from "react";

import type { CustomerPage as Page, PlanSaid, QuoteShown } from "../../../core/api/selling-client";
import { day, inWords } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { useAsked, useDeed } from "../../../ui/asking";
import { Button } from "../../../ui/Button";
import { TriangleAlert } from "../../../ui/icons";

import { Address } from "../Customer";
import { Documents } from "../Documents";

import { Answered } from "./Answered";
import { BackToAll } from "./Back";
import { StateShown } from "./Customers";
import { useSelling } from "./desk";
import { FREE } from "./drafts";
import { AllowanceDialog, PaymentDialog } from "./Money";
import { Moved } from "./Moved";
import { OfferDialog } from "./Offer";
import { AskedDialog } from "./parts";
import { RefundDialog } from "./Refund";
import { quotedOf, termsOf } from "./said";
import styles from "./selling.module.css";
import { wordsOf } from "./trouble";

/** All of one customer. */
export function CustomerPage({ org }: { org: string }) {
  const { api } = useSelling();
  const [asked, reload] = useAsked(useCallback(() => api.customer(org), [api, org]));
  const [plans] = useAsked(api.plans);
  const offered = plans.at === "here" ? plans.value.plans.filter(({ id }) => id !== FREE) : [];
  return (
    <Answered asked={asked} onRetry={reload}>
      {(page) => <Whole page={page} plans={offered} onChanged={reload} />}
    </Answered>
  );
}

interface WholeProps {
  page: Page;
  plans: readonly PlanSaid[];
  onChanged(): void;
}

type Doing = "payment" | "offer" | "refund" | "allowance" | "reverse" | null;

function Whole({ page, plans, onChanged }: WholeProps) {
  const t = useT();
  const [doing, does] = useState<Doing>(null);
  const open = page.documents.filter(({ left }) => left > 0).toReversed();
  const name = page.name || t("billing.selling.customer.gone");
  const ends = {
    onSaid: () => {
      does(null);
      onChanged();
    },
    onClose: () => does(null),
  };
  return (
    <>
      <title>{`${name} · Folkmoot`}</title>
      <BackToAll />
      <div className={styles.head}>
        <h1 dir="auto">{name}</h1>
        {plans.length > 0 && page.name && (
          <Button look={open.length > 0 ? "quiet" : "primary"} onPress={() => does("offer")}>
            {t("billing.selling.offer.make")}
          </Button>
        )}
        {open.length > 0 && (
          <Button look="primary" onPress={() => does("payment")}>
            {t("billing.selling.payment.title")}
          </Button>
        )}
      </div>
      <div className={styles.columns}>
        <div className={styles.column}>
          <Had page={page} />
          <Offers page={page} onChanged={onChanged} />
          {page.documents.length > 0 ? (
            <Documents documents={page.documents} />
          ) : (
            <p className={styles.hint}>{t("billing.selling.documents.none")}</p>
          )}
        </div>
        <div className={styles.column}>
          <Credit page={page} onDoes={does} />
          <Moved page={page} />
          <Billed page={page} onDoes={does} />
        </div>
      </div>
      {doing === "payment" && (
        <PaymentDialog open={open} isPastDue={page.standing === "past_due"} {...ends} />
      )}
      {doing === "offer" && <OfferDialog org={page.org} name={name} plans={plans} {...ends} />}
      {doing === "refund" && <RefundDialog page={page} {...ends} />}
      {doing === "allowance" && <AllowanceDialog page={page} {...ends} />}
      {doing === "reverse" && <ReverseDialog page={page} {...ends} />}
    </>
  );
}

/** What it has, and how it stands. */
function Had({ page }: { page: Page }) {
  const t = useT();
  const locale = useLocale();
  const { subscription: held } = page;
  return (
    <>
      {page.standing === "past_due" && (
        <p className={styles.warn}>
          <TriangleAlert size={20} strokeWidth={1.75} aria-hidden="true" />
          {t(page.restricted ? "billing.selling.customer.restricted" : "billing.selling.customer.pastDue")}
        </p>
      )}
      <section className={styles.card} aria-label={t("billing.plan")}>
        <div className={styles.words}>
          <h2>{held ? termsOf(t, held.terms) : t("billing.selling.customer.free")}</h2>
          <StateShown one={page} />
          {held?.next && (
            <p className={styles.hint}>
              {t("billing.selling.customer.next", {
                terms: termsOf(t, held.next),
                day: day(held.last, locale),
              })}
            </p>
          )}
        </div>
        {held && (
          <p className={styles.sum}>
            <strong>{inWords(held.terms.price, held.terms.currency, locale)}</strong>
            {t("billing.selling.each", {
              period: held.terms.period,
              seat: inWords(held.terms.seat, held.terms.currency, locale),
            })}
          </p>
        )}
      </section>
    </>
  );
}

/** What was offered and waits, and what was agreed and hasn't begun. */
function Offers({ page, onChanged }: { page: Page; onChanged(): void }) {
  const t = useT();
  const [taken, take] = useState<QuoteShown | null>(null);
  const all = [...(page.accepted ? [page.accepted] : []), ...page.quotes];
  if (all.length === 0) return null;
  return (
    <section aria-label={t("billing.selling.offers")}>
      <h2>{t("billing.selling.offers")}</h2>
      <ul className={styles.rows}>
        {all.map((one) => (
          <OfferRow key={one.id} quote={one} isAgreed={one === page.accepted} onWithdraw={() => take(one)} />
        ))}
      </ul>
      {taken && (
        <WithdrawDialog
          org={page.org}
          quote={taken}
          isAgreed={taken === page.accepted}
          onSaid={() => {
            take(null);
            onChanged();
          }}
          onClose={() => take(null)}
        />
      )}
    </section>
  );
}

interface OfferRowProps {
  quote: QuoteShown;
  isAgreed: boolean;
  onWithdraw(): void;
}

function OfferRow({ quote, isAgreed, onWithdraw }: OfferRowProps) {
  const t = useT();
  const locale = useLocale();
  const { today } = useSelling();
  const isOver = !isAgreed && quote.open_until < today();
  const state = isAgreed ? "agreed" : isOver ? "over" : "open";
  const when = isAgreed ? quote.starts : quote.open_until;
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p>{quotedOf(t, quote, locale)}</p>
        <p className={styles.hint}>{t(`billing.selling.quote.${state}`, { day: day(when, locale) })}</p>
      </div>
      <Button look="plain" size={32} onPress={onWithdraw}>
        {t("billing.selling.takeBack")}
      </Button>
    </li>
  );
}

interface WithdrawProps {
  org: string;
  quote: QuoteShown;
  isAgreed: boolean;
  onSaid(): void;
  onClose(): void;
}

function WithdrawDialog({ org, quote, isAgreed, onSaid, onClose }: WithdrawProps) {
  const t = useT();
  const { api } = useSelling();
  const deed = useDeed();
  async function submit() {
    if (await deed.run(() => api.withdraw(org, quote.id))) onSaid();
  }
  return (
    <AskedDialog
      title={t("billing.selling.takeBack.title")}
      word={t("billing.selling.takeBack")}
      isDanger
      effect={
        <p>{t(isAgreed ? "billing.selling.effect.takeBack.agreed" : "billing.selling.effect.takeBack")}</p>
      }
      error={deed.trouble ? wordsOf(t, deed.trouble) : undefined}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}

interface SideProps {
  page: Page;
  onDoes(what: Doing): void;
}

/** What the customer has with us. */
function Credit({ page, onDoes }: SideProps) {
  const t = useT();
  const locale = useLocale();
  const owed = new Map<string, number>();
  for (const { left, currency } of page.documents) owed.set(currency, (owed.get(currency) ?? 0) + left);
  const open = [...owed].filter(([, left]) => left > 0);
  return (
    <section aria-label={t("billing.selling.balance")}>
      <h2>{t("billing.selling.balance")}</h2>
      <dl className={styles.facts}>
        <div>
          <dt>{t("billing.selling.balance.owes")}</dt>
          <dd>
            {open.map(([currency, left]) => inWords(left, currency, locale)).join(" · ") ||
              t("billing.selling.nothing")}
          </dd>
        </div>
        <div>
          <dt>{t("billing.selling.balance.has")}</dt>
          <dd>
            {page.credit.map(({ amount, currency }) => inWords(amount, currency, locale)).join(" · ") ||
              t("billing.selling.nothing")}
          </dd>
        </div>
      </dl>
      <p className={styles.acts}>
        {page.credit.some(({ amount }) => amount > 0) && (
          <Button onPress={() => onDoes("refund")}>{t("billing.selling.refund.title")}</Button>
        )}
        {(page.subscription || page.documents.length > 0) && (
          <Button onPress={() => onDoes("allowance")}>{t("billing.selling.allowance.title")}</Button>
        )}
      </p>
    </section>
  );
}

/** Who invoices go to, and whether their state takes the tax from themselves. */
function Billed({ page, onDoes }: SideProps) {
  const t = useT();
  const { customer } = page;
  return (
    <section aria-label={t("billing.customer")}>
      <h2>{t("billing.customer")}</h2>
      {customer ? (
        <>
          <Address of={customer} />
          <p className={styles.hint}>
            {t(customer.reverse_charge ? "billing.selling.reverse.on" : "billing.selling.reverse.off")}
          </p>
          <Button onPress={() => onDoes("reverse")}>
            {t(customer.reverse_charge ? "billing.selling.reverse.stop" : "billing.selling.reverse.allow")}
          </Button>
        </>
      ) : (
        <p className={styles.hint}>{t("billing.selling.customer.unsaid")}</p>
      )}
    </section>
  );
}

function ReverseDialog({ page, onSaid, onClose }: { page: Page; onSaid(): void; onClose(): void }) {
  const t = useT();
  const { api } = useSelling();
  const deed = useDeed();
  const allowed = !page.customer?.reverse_charge;
  async function submit() {
    if (await deed.run(() => api.reverseCharge(page.org, allowed))) onSaid();
  }
  return (
    <AskedDialog
      title={t(allowed ? "billing.selling.reverse.allow" : "billing.selling.reverse.stop")}
      word={t(allowed ? "billing.selling.reverse.say" : "billing.selling.reverse.stop.say")}
      effect={<p>{t(allowed ? "billing.selling.effect.reverse" : "billing.selling.effect.reverse.stop")}</p>}
      error={deed.trouble ? wordsOf(t, deed.trouble) : undefined}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    />
  );
}
