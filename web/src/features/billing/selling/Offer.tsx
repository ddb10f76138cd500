import { useCallback, useDeferredValue, useState } from "react";

import type { CustomerPage, Period, PlanSaid } from "../../../core/api/selling-client";
import { asTyped, day, inWords, minorOf } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { useAsked, useDeed } from "../../../ui/asking";
import { DateField } from "../../../ui/DateField";
import { Dialog } from "../../../ui/Dialog";
import { Segments } from "../../../ui/Segments";
import { Select } from "../../../ui/Select";
import { TextField } from "../../../ui/TextField";

import { Answered } from "./Answered";
import { AT, type Organisation, useIdOf, useSelling } from "./desk";
import { AskedForm } from "./parts";
import { daysAfter, endOf, offering } from "./reckoning";
import styles from "./selling.module.css";
import { placed, wordsOf } from "./trouble";

/** To whom, then what. */
export function NewOffer({ plans, onClose }: { plans: readonly PlanSaid[]; onClose(): void }) {
  const t = useT();
  const { go } = useSelling();
  const [to, choose] = useState<Organisation | null>(null);
  return (
    <Dialog
      title={to ? t("billing.selling.offer.to", { name: to.name }) : t("billing.selling.offer.make")}
      isOpen
      isWide
      onOpenChange={(open) => !open && onClose()}
    >
      {to ? (
        <OfferForm org={to.id} plans={plans} onSaid={() => go(`${AT}/${to.id}`)} onClose={onClose} />
      ) : (
        <Found onChoose={choose} />
      )}
    </Dialog>
  );
}

function Found({ onChoose }: { onChoose(one: Organisation): void }) {
  const t = useT();
  const { organisations } = useSelling();
  const [like, setLike] = useState("");
  const sought = useDeferredValue(like.trim());
  const [asked, reload] = useAsked(useCallback(() => organisations(sought), [organisations, sought]));
  return (
    <div className={styles.form}>
      <TextField
        label={t("billing.selling.offer.who")}
        hint={t("billing.selling.offer.who.hint")}
        value={like}
        onChange={setLike}
      />
      <Answered asked={asked} onRetry={reload}>
        {({ organisations: each }) =>
          each.length === 0 ? (
            <p className={styles.hint}>{t("billing.selling.customers.nothing")}</p>
          ) : (
            <ul className={styles.found}>
              {each.map((one) => (
                <li key={one.id}>
                  <button type="button" className={styles.choice} dir="auto" onClick={() => onChoose(one)}>
                    {one.name}
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </div>
  );
}

interface OfferDialogProps {
  org: string;
  name: string;
  plans: readonly PlanSaid[];
  onSaid(page: CustomerPage): void;
  onClose(): void;
}

export function OfferDialog({ name, ...rest }: OfferDialogProps) {
  const t = useT();
  return (
    <Dialog
      title={t("billing.selling.offer.to", { name })}
      isOpen
      isWide
      onOpenChange={(open) => !open && rest.onClose()}
    >
      <OfferForm {...rest} />
    </Dialog>
  );
}

const fields = {
  "billing.plan_unknown": "plan",
  "billing.seats": "seats",
  "billing.price": "amount",
  "billing.currency": "amount",
  "billing.term": "months",
  "billing.quote_days": "starts",
} as const;

/** A price, a term, a start: an owner accepts it, and it is their contract. */
function OfferForm({ org, plans, onSaid, onClose }: Omit<OfferDialogProps, "name">) {
  const t = useT();
  const { api, today } = useSelling();
  const deed = useDeed();
  const [planId, choosePlan] = useState(plans[0]?.id ?? "");
  const plan = plans.find((one) => one.id === planId);
  const listed = plan?.prices?.[0];
  const [seats, setSeats] = useState("");
  const [currency, setCurrency] = useState(listed?.seat.currency ?? "EUR");
  const [amount, setAmount] = useState(listed ? asTyped(listed.seat.amount, listed.seat.currency) : "");
  const [period, setPeriod] = useState<Period>(listed?.period ?? "year");
  const [months, setMonths] = useState("12");
  const [starts, setStarts] = useState(today);
  const [openUntil, setOpenUntil] = useState(() => daysAfter(today(), 30));
  const many = /^\d{1,7}$/.test(seats.trim()) ? Number(seats) : null;
  const seat = minorOf(amount, currency);
  const term = /^\d{1,3}$/.test(months.trim()) ? Number(months) : null;
  const isWhole = many !== null && many > 0 && seat !== null && term !== null && term > 0;
  const wanted = isWhole && {
    plan: planId,
    seats: many,
    amount: seat,
    currency,
    period,
    starts,
    months: term,
    open_until: openUntil,
  };
  const id = useIdOf(JSON.stringify(wanted));
  const wrong = placed(deed.trouble, (trouble) => wordsOf(t, trouble), fields);

  async function submit() {
    const done = wanted && (await deed.run(() => api.offer(org, id, wanted)));
    if (done) onSaid(done.value);
  }

  return (
    <AskedForm
      word={t("billing.selling.offer.say")}
      effect={wanted && <Comes wanted={wanted} plan={plan} />}
      error={wrong.form ?? wrong.plan}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <div className={styles.fields}>
        <Select
          label={t("billing.plan")}
          choices={plans.map((one) => ({ id: one.id, word: one.name }))}
          chosen={planId}
          onChoose={choosePlan}
        />
        <TextField
          label={t("billing.seats.label")}
          inputMode="numeric"
          value={seats}
          error={wrong.seats ?? (seats.trim() && !many ? t("billing.seats.number") : undefined)}
          onChange={setSeats}
        />
      </div>
      <div className={styles.priced}>
        <TextField
          label={t("billing.selling.offer.price")}
          inputMode="decimal"
          value={amount}
          error={
            wrong.amount ?? (amount.trim() && seat === null ? t("billing.selling.price.wrong") : undefined)
          }
          onChange={setAmount}
        />
        <TextField
          label={t("billing.currency")}
          value={currency}
          maxLength={3}
          onChange={(typed) => setCurrency(typed.toUpperCase())}
        />
        <Segments<Period>
          label={t("billing.period")}
          isWide
          choices={(["month", "year"] as const).map((one) => ({
            id: one,
            word: t(`billing.selling.per.${one}`),
          }))}
          chosen={period}
          onChoose={setPeriod}
        />
      </div>
      <div className={styles.three}>
        <DateField
          label={t("billing.selling.offer.starts")}
          day={starts}
          first={today()}
          onDay={setStarts}
          error={wrong.starts}
        />
        <TextField
          label={t("billing.selling.offer.months")}
          inputMode="numeric"
          value={months}
          error={wrong.months ?? (months.trim() && !term ? t("billing.selling.number") : undefined)}
          onChange={setMonths}
        />
        <DateField
          label={t("billing.selling.offer.until")}
          day={openUntil}
          first={today()}
          onDay={setOpenUntil}
        />
      </div>
    </AskedForm>
  );
}

interface Wanted {
  seats: number;
  amount: number;
  currency: string;
  period: Period;
  starts: string;
  months: number;
  open_until: string;
}

function Comes({ wanted, plan }: { wanted: Wanted; plan: PlanSaid | undefined }) {
  const t = useT();
  const locale = useLocale();
  const { seats, amount, currency, period, starts, months } = wanted;
  const said = (sum: number) => inWords(sum, currency, locale);
  const { price, whole } = offering(seats, amount, period, months);
  const listed = plan?.prices?.find((one) => one.period === period && one.seat.currency === currency);
  return (
    <>
      <p>
        {t("billing.selling.effect.offer", {
          price: said(price),
          period,
          whole: said(whole),
          first: day(starts, locale),
          last: day(endOf(starts, months), locale),
        })}
      </p>
      {listed && listed.seat.amount !== amount && (
        <p>
          {t("billing.selling.effect.offer.listed", {
            listed: said(listed.seat.amount),
            price: said(amount),
          })}
        </p>
      )}
      <p className={styles.hint}>
        {t("billing.selling.effect.offer.open", { day: day(wanted.open_until, locale) })}
      </p>
    </>
  );
}
