import { useCallback, useState } from "react";

import type { EntriesShown, EntriesWanted, GrowthBook } from "../../core/api/growth-client";
import type { Answer } from "../../core/api/types";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { DateField } from "../../ui/DateField";
import { Dialog } from "../../ui/Dialog";
import { refusalWords } from "../../ui/refusal";
import { Segments } from "../../ui/Segments";
import { TextField } from "../../ui/TextField";

import { useAsked, useDesk } from "./desk";
import styles from "./growth.module.css";
import { day, exact, units } from "./said";

type Kind = "cost" | "rate";
/** What the server names a field, and what is wrong with it. */
type Wrong = { field: string; words: string } | null;

/** What the operator says of costs and of what currencies are worth. */
export function Entries({ of: book, onChanged }: { of: GrowthBook; onChanged(): void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="plain" size={32} onPress={() => setOpen(true)}>
        {t("growth.entries")}
      </Button>
      {open && (
        <Dialog title={t("growth.entries")} isOpen hasCross size="form" onOpenChange={setOpen}>
          <Entered of={book} onChanged={onChanged} />
        </Dialog>
      )}
    </>
  );
}

function Entered({ of: book, onChanged }: { of: GrowthBook; onChanged(): void }) {
  const t = useT();
  const { api } = useDesk();
  const [kind, setKind] = useState<Kind>("cost");
  const there = useAsked(useCallback(() => api.entries(book.name), [api, book.name]));
  const [wrong, setWrong] = useState<Wrong>(null);
  const done = async (asked: Promise<Answer<unknown>>) => {
    const answer = await asked;
    setWrong(answer.kind === "ok" ? null : wrongOf(answer, t));
    if (answer.kind !== "ok") return false;
    onChanged();
    await there.ask();
    return true;
  };
  const enter = (wanted: EntriesWanted) => done(api.enter(book.name, wanted));
  return (
    <>
      <p className={styles.hint}>{t("growth.entries.why")}</p>
      <Segments
        label={t("growth.entries")}
        choices={[
          { id: "cost", word: t("growth.entry.cost") },
          { id: "rate", word: t("growth.entry.rate") },
        ]}
        chosen={kind}
        onChoose={(id) => {
          setKind(id);
          setWrong(null);
        }}
      />
      {kind === "cost" ? (
        <CostForm of={book} wrong={wrong} onEnter={enter} />
      ) : (
        <RateForm of={book} wrong={wrong} onEnter={enter} />
      )}
      {wrong && wrong.field === "" && (
        <p className={styles.wrong} role="alert">
          {wrong.words}
        </p>
      )}
      <There
        of={there.value}
        kind={kind}
        book={book}
        onTakeBack={(id) => void done(api.takeBack(book.name, id))}
      />
    </>
  );
}

const FIELDS = new Set(["name", "amount", "currency", "first", "last", "rate", "at"]);

function wrongOf(answer: Answer<unknown>, t: ReturnType<typeof useT>): Wrong {
  if (answer.kind !== "refused") return { field: "", words: t("growth.entry.gone") };
  const field = String(answer.refusal.params["field"] ?? "");
  return FIELDS.has(field)
    ? { field, words: t(`growth.entry.wrong.${field}`) }
    : { field: "", words: refusalWords(t, answer.refusal, { other: "growth.entry.gone" }) };
}

interface FormProps {
  of: GrowthBook;
  wrong: Wrong;
  onEnter(wanted: EntriesWanted): Promise<boolean>;
}

function CostForm({ of: book, wrong, onEnter }: FormProps) {
  const t = useT();
  const [name, setName] = useState("");
  const [amount, setAmount] = useState("");
  const [currency, setCurrency] = useState(book.currency);
  const [first, setFirst] = useState(() => thisMonth()[0]);
  const [last, setLast] = useState(() => thisMonth()[1]);
  const of = (field: string) => (wrong?.field === field ? wrong.words : undefined);
  return (
    <Form
      onSend={async () => {
        const minor = Math.round(Number(amount.trim() || "x") * units(currency));
        const cost = {
          name: name.trim(),
          amount: minor,
          currency: currency.trim().toUpperCase(),
          first,
          last,
        };
        if (await onEnter({ costs: [cost] })) setAmount("");
      }}
      isReady={name.trim() !== "" && Number.isFinite(Number(amount.trim() || "x"))}
    >
      <TextField
        label={t("growth.entry.name")}
        size={40}
        value={name}
        onChange={setName}
        error={of("name")}
      />
      <div className={styles.beside}>
        <TextField
          label={t("growth.entry.amount")}
          size={40}
          value={amount}
          onChange={setAmount}
          inputMode="decimal"
          error={of("amount")}
        />
        <TextField
          label={t("growth.entry.currency")}
          size={40}
          value={currency}
          onChange={setCurrency}
          error={of("currency")}
        />
      </div>
      <div className={styles.beside}>
        <DateField label={t("growth.entry.first")} day={first} onDay={setFirst} error={of("first")} />
        <DateField label={t("growth.entry.last")} day={last} onDay={setLast} error={of("last")} />
      </div>
    </Form>
  );
}

function RateForm({ of: book, wrong, onEnter }: FormProps) {
  const t = useT();
  const [currency, setCurrency] = useState("");
  const [rate, setRate] = useState("");
  const [since, setSince] = useState(() => thisMonth()[0]);
  const of = (field: string) => (wrong?.field === field ? wrong.words : undefined);
  return (
    <Form
      onSend={async () => {
        const said = { currency: currency.trim().toUpperCase(), to: book.currency, rate: rate.trim(), since };
        if (await onEnter({ rates: [said] })) setRate("");
      }}
      isReady={currency.trim() !== "" && rate.trim() !== ""}
    >
      <div className={styles.beside}>
        <TextField
          label={t("growth.entry.currency")}
          size={40}
          value={currency}
          onChange={setCurrency}
          error={of("currency")}
        />
        <TextField
          label={t("growth.entry.worth", { to: book.currency })}
          size={40}
          value={rate}
          onChange={setRate}
          inputMode="decimal"
          error={of("rate")}
        />
      </div>
      <DateField label={t("growth.entry.since")} day={since} onDay={setSince} error={of("at")} />
    </Form>
  );
}

function Form({
  isReady,
  onSend,
  children,
}: {
  isReady: boolean;
  onSend(): Promise<void>;
  children: React.ReactNode;
}) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady || busy) return;
        setBusy(true);
        void onSend().finally(() => setBusy(false));
      }}
    >
      {children}
      <Button type="submit" look="primary" isDisabled={!isReady || busy}>
        {t(busy ? "growth.underWay" : "growth.entry.add")}
      </Button>
    </form>
  );
}

interface Row {
  id: string;
  what: string;
  when: string;
  amount: string;
  typed: boolean;
}

function There({
  of,
  kind,
  book,
  onTakeBack,
}: {
  of: EntriesShown | null;
  kind: Kind;
  book: GrowthBook;
  onTakeBack(id: string): void;
}) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  if (of === null) return null;
  const rows: Row[] =
    kind === "cost"
      ? of.costs.map((one) => ({
          ...one,
          what: one.name,
          when: `${day(one.first, locale)} – ${day(one.last, locale)}`,
          amount: exact(one.amount, one.currency, locale),
        }))
      : of.rates.map((one) => ({
          ...one,
          what: `1 ${one.currency} = ${one.rate} ${one.to}`,
          when: t("growth.entry.sinceDay", { when: day(one.since, locale) }),
          amount: "",
        }));
  if (rows.length === 0) return <p className={styles.hint}>{t("growth.entry.none")}</p>;
  return (
    <>
      <ul className={styles.rows}>
        {rows.map(({ id, what, when, amount, typed }) => (
          <li key={id} className={styles.row}>
            <span dir="auto">
              {what}
              <br />
              <span className={styles.hint}>{when}</span>
            </span>
            <span className={styles.amount}>
              {amount}
              {amount && <br />}
              {typed ? (
                <Button
                  look="plain"
                  size={32}
                  aria-label={t("growth.entry.takeBackOf", { what })}
                  onPress={() => onTakeBack(id)}
                >
                  {t("growth.entry.takeBack")}
                </Button>
              ) : (
                <span className={styles.hint}>{t("growth.entry.brought")}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <a className={styles.way} href={api.csv(book.name, kind === "cost" ? "costs" : "rates", "")} download>
        CSV
      </a>
    </>
  );
}

function thisMonth(): [string, string] {
  const now = new Date();
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth()];
  const written = (at: number) => new Date(at).toISOString().slice(0, 10);
  return [written(Date.UTC(year, month, 1)), written(Date.UTC(year, month + 1, 0))];
}
