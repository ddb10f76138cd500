import { useState } from "react";

import type { RateShown } from "../../../core/api/selling-client";
import { countryOf } from "../../../core/countries";
import { day, percent } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { Button } from "../../../ui/Button";
import { DateField } from "../../../ui/DateField";
import { TextField } from "../../../ui/TextField";
import { useDeed } from "../../../ui/asking";

import { useSelling } from "./desk";
import { AskedDialog } from "./parts";
import styles from "./selling.module.css";
import { placed, wordsOf } from "./trouble";

/** Taxes by country, each from a day on. */
export function Rates({ rates, onSaid }: { rates: readonly RateShown[]; onSaid(): void }) {
  const t = useT();
  const locale = useLocale();
  const [open, setOpen] = useState(false);
  return (
    <section aria-label={t("billing.selling.taxes")}>
      <div className={styles.title}>
        <h2>{t("billing.selling.taxes")}</h2>
        <Button look="plain" size={32} onPress={() => setOpen(true)}>
          {t("billing.selling.tax.make")}
        </Button>
      </div>
      <p className={styles.hint}>
        {t(rates.length === 0 ? "billing.selling.taxes.none" : "billing.selling.taxes.hint")}
      </p>
      <ul className={styles.rows}>
        {rates.map((one) => (
          <li key={`${one.country} ${one.since}`} className={styles.rate}>
            <span className={styles.strong}>{countryOf(one.country, locale)}</span>
            <span className={styles.hint}>
              {t("billing.selling.tax.since", { day: day(one.since, locale) })}
            </span>
            <span className={styles.amount}>{`${one.name} ${percent(one.rate, locale)}`}</span>
          </li>
        ))}
      </ul>
      {open && (
        <RateDialog
          rates={rates}
          onSaid={() => {
            setOpen(false);
            onSaid();
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </section>
  );
}

/** Hundredths of a percent. null: it is no rate. */
export function rateOf(typed: string): number | null {
  const [, whole = "", rest = ""] = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(typed.replace("%", "").trim()) ?? [];
  const rate = Number(whole + rest.padEnd(2, "0"));
  return whole !== "" && rate <= 10_000 ? rate : null;
}

const fields = { "billing.country": "country", "billing.tax_rate": "rate" } as const;

interface RateDialogProps {
  rates: readonly RateShown[];
  onSaid(): void;
  onClose(): void;
}

function RateDialog({ rates, onSaid, onClose }: RateDialogProps) {
  const t = useT();
  const locale = useLocale();
  const { api, today } = useSelling();
  const deed = useDeed();
  const [country, setCountry] = useState("");
  const [name, setName] = useState("VAT");
  const [typed, setTyped] = useState("");
  const [since, setSince] = useState(today);
  const code = country.trim().toUpperCase();
  const rate = rateOf(typed);
  const isWhole = /^[A-Z]{2}$/.test(code) && name.trim() !== "" && rate !== null;
  const before = rates.findLast((one) => one.country === code && one.since <= since);
  const wrong = placed(deed.trouble, (trouble) => wordsOf(t, trouble), fields);

  async function submit() {
    if (rate === null) return;
    if (await deed.run(() => api.sayRate(code, since, { rate, name: name.trim() }))) onSaid();
  }

  return (
    <AskedDialog
      title={t("billing.selling.tax.new")}
      word={t("billing.selling.tax.say")}
      effect={
        isWhole && (
          <>
            <p>
              {t("billing.selling.effect.tax", {
                country: countryOf(code, locale),
                day: day(since, locale),
                tax: `${name.trim()} ${percent(rate, locale)}`,
              })}
            </p>
            {before && (
              <p>
                {t("billing.selling.effect.tax.before", {
                  tax: `${before.name} ${percent(before.rate, locale)}`,
                })}
              </p>
            )}
            <p className={styles.hint}>{t("billing.selling.effect.tax.kept")}</p>
          </>
        )
      }
      error={wrong.form}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <div className={styles.fields}>
        <TextField
          label={t("billing.customer.country")}
          hint={t("billing.customer.country.hint")}
          value={country}
          maxLength={2}
          error={wrong.country}
          onChange={setCountry}
        />
        <DateField label={t("billing.selling.tax.from")} day={since} onDay={setSince} />
      </div>
      <div className={styles.fields}>
        <TextField label={t("billing.selling.tax.name")} value={name} maxLength={32} onChange={setName} />
        <TextField
          label={t("billing.selling.tax.rate")}
          placeholder="20"
          inputMode="decimal"
          value={typed}
          error={
            wrong.rate ?? (typed.trim() && rate === null ? t("billing.selling.refused.rate") : undefined)
          }
          onChange={setTyped}
        />
      </div>
    </AskedDialog>
  );
}
