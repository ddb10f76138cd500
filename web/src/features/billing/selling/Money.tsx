/** Money that came, goes back, or isn't asked for any more. */
import { useState } from "react";

import type { CustomerPage, DocumentListed, DocumentLooked } from "../../../core/api/selling-client";
import { asTyped, inWords, minorOf, percent } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { useDeed } from "../../../ui/asking";
import { Select } from "../../../ui/Select";
import { TextField } from "../../../ui/TextField";

import { useIdOf, useSelling } from "./desk";
import { AskedDialog } from "./parts";
import { correcting, paying } from "./reckoning";
import styles from "./selling.module.css";
import { placed, wordsOf } from "./trouble";

export interface Ends {
  onSaid(): void;
  onClose(): void;
}

export const paymentFields = {
  "billing.amount": "amount",
  "billing.currency_mixed": "amount",
  "billing.payment_known": "id",
} as const;

interface PaymentProps extends Ends {
  /** Those that ask for something, the oldest first. */
  open: readonly DocumentListed[];
  /** All of it paid, the past is over. */
  isPastDue: boolean;
}

/** A transfer came. Told twice under one id of the bank's, it is booked once. */
export function PaymentDialog({ open, isPastDue, onSaid, onClose }: PaymentProps) {
  const t = useT();
  const locale = useLocale();
  const { api } = useSelling();
  const deed = useDeed();
  const [number, choose] = useState(open[0]?.number ?? "");
  const invoice = open.find((one) => one.number === number);
  const [typed, setTyped] = useState(invoice ? asTyped(invoice.left, invoice.currency) : "");
  const [id, setId] = useState("");
  if (!invoice) return null;
  const { currency, left } = invoice;
  const amount = minorOf(typed, currency);
  const wrong = placed(deed.trouble, (trouble) => wordsOf(t, trouble, currency, locale), paymentFields);
  const said = (sum: number) => inWords(sum, currency, locale);
  const { stays, over } = paying(left, amount ?? 0);
  const ends = stays === 0 && isPastDue && open.every((one) => one === invoice || one.owed !== "late");

  async function submit() {
    if (amount === null) return;
    if (await deed.run(() => api.paid({ id: id.trim(), number, amount, currency }))) onSaid();
  }

  return (
    <AskedDialog
      title={t("billing.selling.payment.title")}
      word={t("billing.selling.payment.say")}
      effect={
        amount !== null &&
        amount > 0 &&
        id.trim() && (
          <>
            <p>
              {stays === 0
                ? t("billing.selling.effect.paid", { number })
                : t("billing.selling.effect.partly", { number, left: said(stays) })}
            </p>
            {over > 0 && <p>{t("billing.selling.effect.over", { over: said(over) })}</p>}
            {ends && <p>{t("billing.selling.effect.over.past")}</p>}
          </>
        )
      }
      error={wrong.form}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Select
        label={t("billing.selling.payment.for")}
        choices={open.map((one) => ({
          id: one.number,
          word: t("billing.selling.payment.open", {
            number: one.number,
            left: inWords(one.left, one.currency, locale),
          }),
        }))}
        chosen={number}
        onChoose={(chosen) => {
          const other = open.find((one) => one.number === chosen);
          if (other) setTyped(asTyped(other.left, other.currency));
          choose(chosen);
        }}
      />
      <TextField
        label={t("billing.selling.payment.amount", { currency })}
        inputMode="decimal"
        value={typed}
        error={
          wrong.amount ?? (typed.trim() && amount === null ? t("billing.selling.price.wrong") : undefined)
        }
        onChange={setTyped}
      />
      <TextField
        label={t("billing.selling.payment.id")}
        hint={t("billing.selling.payment.id.hint")}
        value={id}
        maxLength={95}
        error={wrong.id}
        onChange={setId}
      />
    </AskedDialog>
  );
}

const creditFields = { "billing.amount": "amount", "billing.reason": "note" } as const;

/** So much less of one invoice, with its tax. */
export function CorrectionDialog({ of, onSaid, onClose }: Ends & { of: DocumentLooked }) {
  const t = useT();
  const locale = useLocale();
  const { api } = useSelling();
  const said = (sum: number) => inWords(sum, of.currency, locale);
  return (
    <CreditDialog
      title={t("billing.selling.correction.title", { number: of.number })}
      currency={of.currency}
      most={of.correctable}
      effect={(amount) => {
        const { tax, total, stays, theirs } = correcting(of, amount);
        const name = `${of.tax_name} ${percent(of.tax_rate, locale)}`;
        return [
          tax === 0
            ? t("billing.selling.effect.less", { total: said(total) })
            : t("billing.selling.effect.less.taxed", {
                net: said(amount),
                tax: said(tax),
                name,
                total: said(total),
              }),
          theirs > 0
            ? t("billing.selling.effect.theirs", { amount: said(theirs) })
            : t("billing.selling.effect.stays", { left: said(stays) }),
        ];
      }}
      does={(wanted) => api.correct(of.number, wanted)}
      onSaid={onSaid}
      onClose={onClose}
    />
  );
}

/** So much less of the next invoice; where none will come, it is theirs at once. */
export function AllowanceDialog({ page, onSaid, onClose }: Ends & { page: CustomerPage }) {
  const t = useT();
  const locale = useLocale();
  const { api } = useSelling();
  const runs = page.subscription !== null;
  const currency = page.subscription?.terms.currency ?? page.documents[0]?.currency ?? "EUR";
  return (
    <CreditDialog
      title={t("billing.selling.allowance.title")}
      currency={currency}
      effect={(amount) => [
        t(runs ? "billing.selling.effect.next" : "billing.selling.effect.atOnce", {
          amount: inWords(amount, currency, locale),
        }),
      ]}
      does={(wanted) => api.allow(page.org, { ...wanted, currency })}
      onSaid={onSaid}
      onClose={onClose}
    />
  );
}

interface CreditProps extends Ends {
  title: string;
  currency: string;
  /** Before tax. */
  most?: number;
  /** In sentences. */
  effect(amount: number): string[];
  does(said: {
    id: string;
    amount: number;
    note: string;
  }): ReturnType<ReturnType<typeof useSelling>["api"]["allow"]>;
}

function CreditDialog({ title, currency, most, effect, does, onSaid, onClose }: CreditProps) {
  const t = useT();
  const locale = useLocale();
  const deed = useDeed();
  const [typed, setTyped] = useState("");
  const [note, setNote] = useState("");
  const amount = minorOf(typed, currency);
  const isMore = amount !== null && most !== undefined && amount > most;
  const id = useIdOf(`${typed} ${note}`);
  const hint =
    most === undefined
      ? undefined
      : t("billing.selling.credit.most", { most: inWords(most, currency, locale) });
  const wrong = placed(deed.trouble, (trouble) => wordsOf(t, trouble, currency, locale), creditFields);

  async function submit() {
    if (amount !== null && (await deed.run(() => does({ id, amount, note: note.trim() })))) onSaid();
  }

  return (
    <AskedDialog
      title={title}
      word={t("billing.selling.credit.say")}
      effect={
        amount !== null &&
        amount > 0 &&
        !isMore && (
          <>
            {effect(amount).map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
            <p className={styles.hint}>{t("billing.selling.effect.number")}</p>
          </>
        )
      }
      error={wrong.form}
      busy={deed.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField
        label={t("billing.selling.credit.amount", { currency })}
        hint={hint}
        inputMode="decimal"
        value={typed}
        error={
          wrong.amount ??
          (isMore ? hint : typed.trim() && amount === null ? t("billing.selling.price.wrong") : undefined)
        }
        onChange={setTyped}
      />
      <TextField
        label={t("billing.selling.credit.note")}
        hint={t("billing.selling.credit.note.hint")}
        value={note}
        maxLength={200}
        error={wrong.note}
        onChange={setNote}
      />
    </AskedDialog>
  );
}
