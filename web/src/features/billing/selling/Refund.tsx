import { useState } from "react";

import type { CustomerPage, Sum } from "../../../core/api/selling-client";
import { asTyped, inWords, minorOf } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { useDeed } from "../../../ui/asking";
import { Segments } from "../../../ui/Segments";
import { Select } from "../../../ui/Select";
import { TextField } from "../../../ui/TextField";

import { useIdOf, useSelling } from "./desk";
import { type Ends, paymentFields } from "./Money";
import { AskedDialog } from "./parts";
import { mostBack, type Through } from "./reckoning";
import styles from "./selling.module.css";
import { placed, wordsOf } from "./trouble";

/** Of what a customer has with us: by the provider to where it came from, or by a transfer that is noted. */
export function RefundDialog({ page, onSaid, onClose }: Ends & { page: CustomerPage }) {
  const t = useT();
  const locale = useLocale();
  const { api } = useSelling();
  const deed = useDeed();
  const [currency, setCurrency] = useState(page.credit[0]?.currency ?? "EUR");
  const canSend = page.refundable.some((one) => one.currency === currency);
  const [wanted, setThrough] = useState<Through>("provider");
  const through = canSend ? wanted : "bank";
  const has = sumOf(page.credit, currency);
  const most = mostBack(page, through, currency);
  const [own, setTyped] = useState<string | null>(null);
  const typed = own ?? asTyped(most, currency);
  const [bankId, setId] = useState("");
  const pageId = useIdOf(`${through} ${typed} ${currency}`);
  const id = through === "provider" ? pageId : bankId.trim();
  const amount = minorOf(typed, currency);
  const said = (sum: number) => inWords(sum, currency, locale);
  const wrong = placed(deed.trouble, (trouble) => wordsOf(t, trouble, currency, locale), {
    ...paymentFields,
    "billing.refund_source": "amount",
  });
  const isMore = amount !== null && amount > most;
  const limit = t(
    through === "provider" ? "billing.selling.refund.most.provider" : "billing.selling.refund.most",
    {
      most: said(most),
    },
  );

  async function submit() {
    if (amount === null) return;
    if (await deed.run(() => api.refund(page.org, { through, id, amount, currency }))) onSaid();
  }

  return (
    <AskedDialog
      title={t("billing.selling.refund.title")}
      word={t(through === "provider" ? "billing.selling.refund.send" : "billing.selling.refund.say")}
      effect={
        amount !== null &&
        amount > 0 &&
        !isMore &&
        id !== "" && (
          <>
            <p>
              {t(
                through === "provider"
                  ? "billing.selling.effect.refund.provider"
                  : "billing.selling.effect.refund",
                { amount: said(amount), left: said(has.amount - amount) },
              )}
            </p>
            {through === "provider" && (
              <p className={styles.hint}>{t("billing.selling.effect.refund.back")}</p>
            )}
          </>
        )
      }
      error={wrong.form}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {page.credit.length > 1 && (
        <Select
          label={t("billing.currency")}
          choices={page.credit.map((one) => ({ id: one.currency, word: one.currency }))}
          chosen={currency}
          onChoose={(chosen) => {
            setTyped(null);
            setCurrency(chosen);
          }}
        />
      )}
      {canSend && (
        <Segments<Through>
          label={t("billing.selling.refund.through")}
          isWide
          choices={[
            { id: "provider", word: t("billing.selling.refund.through.provider") },
            { id: "bank", word: t("billing.selling.refund.through.bank") },
          ]}
          chosen={through}
          onChoose={(chosen) => {
            setTyped(null);
            setThrough(chosen);
          }}
        />
      )}
      <TextField
        label={t("billing.selling.payment.amount", { currency })}
        hint={limit}
        inputMode="decimal"
        value={typed}
        error={
          wrong.amount ??
          (isMore ? limit : typed.trim() && amount === null ? t("billing.selling.price.wrong") : undefined)
        }
        onChange={setTyped}
      />
      {through === "bank" && (
        <TextField
          label={t("billing.selling.payment.id")}
          hint={t("billing.selling.payment.id.hint")}
          value={bankId}
          maxLength={100}
          error={wrong.id}
          onChange={setId}
        />
      )}
    </AskedDialog>
  );
}

const sumOf = (sums: readonly Sum[], currency: string): Sum =>
  sums.find((one) => one.currency === currency) ?? { amount: 0, currency };
