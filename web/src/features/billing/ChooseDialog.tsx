import { type FormEvent, useState } from "react";

import type { PlanShown, PreviewRequest, SubscriptionShown } from "../../core/api/billing-client";
import type { OwnUsage } from "../../core/api/usage-client";
import { type Translate, useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TriangleAlert } from "../../ui/icons";
import { Segments } from "../../ui/Segments";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";

import styles from "./billing.module.css";
import { Buttons } from "./Buttons";
import { plansOf } from "./choices";
import { FirstWhoPays } from "./Customer";
import { type Shown, useBilling, useDecision } from "./desk";
import { services, useUsage } from "./Limits";
import { inWords } from "../../core/money";
import { Costs, usePreview } from "./preview";
import { wordsOf } from "./trouble";

type Period = "month" | "year";

/** Another plan, other seats, another period: what it costs is shown before it is said. */
export function ChooseDialog(props: Shown & { onClose(): void }) {
  const t = useT();
  const { page, onClose } = props;
  return (
    <Dialog
      title={t(page.subscription ? "billing.change" : "billing.choose")}
      isOpen
      isWide
      onOpenChange={(open) => !open && onClose()}
    >
      <FirstWhoPays {...props}>
        <Choice {...props} />
      </FirstWhoPays>
    </Dialog>
  );
}

function Choice({ onClose, ...shown }: Shown & { onClose(): void }) {
  const t = useT();
  const { api, org } = useBilling();
  const decision = useDecision(shown);
  const { page } = shown;
  const usage = useUsage();
  const held = page.subscription;
  const plans = plansOf(page);
  const [id, setId] = useState(held?.terms.plan ?? plans[0]?.id ?? "");
  const plan = plans.find((one) => one.id === id);
  const [seats, setSeats] = useState(String(held?.terms.seats ?? plan?.fewest_seats ?? 1));
  const [wantedPeriod, setPeriod] = useState<Period>(held?.terms.period ?? "month");
  const [wantedCurrency, setCurrency] = useState(held?.terms.currency ?? "");
  const currencies = held ? [held.terms.currency] : [...new Set(plan?.prices.map((one) => one.currency))];
  const currency = currencies.includes(wantedCurrency) ? wantedCurrency : (currencies[0] ?? "");
  const periods = periodsOf(plan, currency, held);
  const period = periods.includes(wantedPeriod) ? wantedPeriod : (periods[0] ?? wantedPeriod);
  const count = /^\d{1,7}$/.test(seats.trim()) ? Number(seats) : null;
  const isTrial = held?.standing === "trial";
  const wanted = count === null || count === 0 ? null : { plan: id, seats: count, period };
  const asked: PreviewRequest | null = wanted && (held && !isTrial ? wanted : { ...wanted, currency });
  const preview = usePreview(asked, page.seen);

  async function submit(event: FormEvent | null, trial = false) {
    event?.preventDefault();
    if (!wanted) return;
    const said = { ...wanted, seen: page.seen };
    const done = await decision.decide(() =>
      held && !isTrial ? api.change(org, said) : api.start(org, { ...said, currency, trial }),
    );
    if (done) onClose();
  }

  const canTry = !held && !page.had_trial && (plan?.trial_days ?? 0) > 0;
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <fieldset className={styles.plans}>
        <legend>{t("billing.plan")}</legend>
        {plans.map((one) => (
          <PlanRow
            key={one.id}
            plan={one}
            currency={currency}
            period={period}
            isChosen={one.id === id}
            onChoose={() => setId(one.id)}
          />
        ))}
      </fieldset>
      <div className={styles.fields}>
        <TextField
          label={t("billing.seats.label")}
          hint={t("billing.seats.people", { people: page.people })}
          value={seats}
          onChange={setSeats}
          inputMode="numeric"
          error={count === null || count === 0 ? t("billing.seats.number") : undefined}
        />
        {periods.length > 1 && (
          <Segments<Period>
            label={t("billing.period")}
            isWide
            choices={periods.map((one) => ({ id: one, word: t(`billing.period.${one}`) }))}
            chosen={period}
            onChoose={setPeriod}
          />
        )}
        {currencies.length > 1 && (
          <Select
            label={t("billing.currency")}
            choices={currencies.map((one) => ({ id: one, word: one }))}
            chosen={currency}
            onChoose={setCurrency}
          />
        )}
      </div>
      {usage && plan && <Tight plan={plan} usage={usage} />}
      {wanted && <Costs preview={preview} />}
      {decision.trouble && (
        <p className={styles.error} role="alert">
          {wordsOf(t, decision.trouble)}
        </p>
      )}
      <Buttons onClose={onClose}>
        {canTry && (
          <Button isDisabled={decision.busy || !wanted} onPress={() => void submit(null, true)}>
            {t("billing.try", { days: plan?.trial_days ?? 0 })}
          </Button>
        )}
        <Button type="submit" look="primary" isDisabled={decision.busy || preview.at !== "here"}>
          {t(preview.at === "here" && preview.value.now ? "billing.order" : "billing.confirm")}
        </Button>
      </Buttons>
    </form>
  );
}

/** What was met this month and the chosen plan wouldn't allow. */
function Tight({ plan, usage }: { plan: PlanShown; usage: OwnUsage }) {
  const t = useT();
  const met = { people: usage.peak, at_once: usage.at_once, minutes: usage.longest };
  const tight = (["people", "at_once", "minutes"] as const).filter(
    (one) => (met[one] ?? 0) > (plan[one] ?? Infinity),
  );
  return tight.map((one) => (
    <p key={one} className={styles.warn}>
      <TriangleAlert size={20} strokeWidth={1.75} aria-hidden="true" />
      {t(`billing.tight.${one}`, { used: met[one] ?? 0, most: plan[one] ?? 0 })}
    </p>
  ));
}

function periodsOf(plan: PlanShown | undefined, currency: string, held: SubscriptionShown | null): Period[] {
  const priced = (plan?.prices ?? []).filter((one) => one.currency === currency).map(({ period }) => period);
  const own = held && held.terms.plan === plan?.id ? [held.terms.period] : [];
  return (["month", "year"] as const).filter((one) => [...priced, ...own].includes(one));
}

/** What else a plan has, so that who compares two sees what the dearer one is for. */
function moreOf(t: Translate, { at_once: atOnce, services: has, support }: PlanShown): string {
  const said = [
    atOnce && t("billing.selling.holds.at_once", { atOnce }),
    ...services.filter((one) => has.includes(one)).map((one) => t(`billing.service.${one}`)),
    t(`billing.selling.support.${support}`),
  ];
  return said.filter(Boolean).join(" · ");
}

interface PlanRowProps {
  plan: PlanShown;
  currency: string;
  period: Period;
  isChosen: boolean;
  onChoose(): void;
}

function PlanRow({ plan, currency, period, isChosen, onChoose }: PlanRowProps) {
  const t = useT();
  const locale = useLocale();
  const price =
    plan.prices.find((one) => one.currency === currency && one.period === period) ?? plan.prices[0];
  return (
    <label className={styles.planRow} data-chosen={isChosen || undefined}>
      <input type="radio" name="plan" checked={isChosen} onChange={onChoose} />
      <span className={styles.told}>
        <strong>{plan.name}</strong>
        <small>
          {t("billing.holds", {
            people: plan.people ?? 0,
            minutes: plan.minutes ?? 0,
            manyPeople: plan.people === null ? "any" : "most",
            manyMinutes: plan.minutes === null ? "any" : "most",
          })}
        </small>
        <small>{moreOf(t, plan)}</small>
      </span>
      {price && (
        <span className={styles.amount}>
          {t("billing.held.price", {
            price: inWords(price.amount, price.currency, locale),
            period: price.period,
          })}
        </span>
      )}
    </label>
  );
}
