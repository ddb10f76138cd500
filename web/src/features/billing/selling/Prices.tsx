import type { Period } from "../../../core/api/selling-client";
import { useT } from "../../../i18n/react";
import { Button, IconButton } from "../../../ui/Button";
import { Trash } from "../../../ui/icons";
import { Select } from "../../../ui/Select";
import { TextField } from "../../../ui/TextField";

import type { DraftPrice } from "./drafts";
import styles from "./selling.module.css";

interface PricesProps {
  prices: readonly DraftPrice[];
  wrong: ReadonlySet<string>;
  error: string | undefined;
  onChange(prices: readonly DraftPrice[]): void;
}

/** Of a seat, one for each period and currency. None: it costs nothing. */
export function Prices({ prices, wrong, error, onChange }: PricesProps) {
  const t = useT();
  const last = prices.at(-1);
  return (
    <fieldset className={styles.group}>
      <legend>{t("billing.selling.prices")}</legend>
      {prices.map((one, place) => (
        <PriceFields
          // oxlint-disable-next-line react/no-array-index-key -- a price is its place while it is typed
          key={place}
          price={one}
          error={wrong.has(`price.${place}`) && one.amount ? t("billing.selling.price.wrong") : undefined}
          onChange={(more) => onChange(prices.map((each, at) => (at === place ? { ...one, ...more } : each)))}
          onRemove={() => onChange(prices.filter((_, at) => at !== place))}
        />
      ))}
      {error && <p className={styles.error}>{error}</p>}
      <div className={styles.more}>
        <Button
          look="plain"
          onPress={() =>
            onChange([
              ...prices,
              {
                amount: "",
                currency: last?.currency ?? "EUR",
                period: last?.period === "month" ? "year" : "month",
              },
            ])
          }
        >
          {t("billing.selling.price.another")}
        </Button>
      </div>
    </fieldset>
  );
}

interface PriceFieldsProps {
  price: DraftPrice;
  error: string | undefined;
  onChange(more: Partial<DraftPrice>): void;
  onRemove(): void;
}

function PriceFields({ price, error, onChange, onRemove }: PriceFieldsProps) {
  const t = useT();
  return (
    <div className={styles.price}>
      <TextField
        label={t("billing.selling.amount")}
        labelHidden
        placeholder={t("billing.selling.amount")}
        inputMode="decimal"
        value={price.amount}
        error={error}
        onChange={(amount) => onChange({ amount })}
      />
      <TextField
        label={t("billing.currency")}
        labelHidden
        value={price.currency}
        maxLength={3}
        onChange={(currency) => onChange({ currency: currency.toUpperCase() })}
      />
      <div className={styles.per}>
        <Select<Period>
          label={t("billing.period")}
          labelHidden
          choices={(["month", "year"] as const).map((id) => ({ id, word: t(`billing.selling.per.${id}`) }))}
          chosen={price.period}
          onChoose={(period) => onChange({ period })}
        />
      </div>
      <IconButton size={48} aria-label={t("billing.selling.price.remove")} onPress={onRemove}>
        <Trash size={18} strokeWidth={1.75} />
      </IconButton>
    </div>
  );
}
