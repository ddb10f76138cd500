import { useState } from "react";

import type { GrowthBook } from "../../core/api/growth-client";
import type { Answer } from "../../core/api/types";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./growth.module.css";
import { units } from "./said";

const MONTHS = Array.from({ length: 12 }, (_, n) => n + 1);

/** Which currency figures are in, when the fiscal year starts, and from how much on a customer is a large one. */
export function BookSettings({ of: book, onChanged }: { of: GrowthBook; onChanged(): void }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="plain" size={32} onPress={() => setOpen(true)}>
        {t("growth.settings")}
      </Button>
      {open && (
        <Dialog title={t("growth.settings")} isOpen hasCross onOpenChange={setOpen}>
          <Fields
            of={book}
            onDone={() => {
              setOpen(false);
              onChanged();
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Fields({ of: book, onDone }: { of: GrowthBook; onDone(): void }) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const [currency, setCurrency] = useState(book.currency);
  const [starts, setStarts] = useState(book.year_starts);
  const [large, setLarge] = useState(String(book.large / units(book.currency)));
  const [saving, setSaving] = useState(false);
  const [wrong, setWrong] = useState<Answer<null> | null>(null);
  const month = (n: number) =>
    new Intl.DateTimeFormat(locale === "zh-CN" ? locale : "en-US", { month: "long", timeZone: "UTC" }).format(
      Date.UTC(2020, n - 1, 1),
    );
  async function save() {
    setSaving(true);
    const sum = Math.round(Number(large) * units(currency.trim()));
    const answer = await api.change(book.name, {
      currency: currency.trim().toUpperCase(),
      year_starts: starts,
      large: Number.isSafeInteger(sum) ? sum : 0,
    });
    setSaving(false);
    if (answer.kind === "ok") onDone();
    else setWrong(answer);
  }
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField label={t("growth.currency")} value={currency} onChange={setCurrency} />
      <Select
        label={t("growth.yearStarts")}
        choices={MONTHS.map((n) => ({ id: String(n), word: month(n) }))}
        chosen={String(starts)}
        onChoose={(id) => setStarts(Number(id))}
      />
      <TextField label={t("growth.largeFrom", { currency })} value={large} onChange={setLarge} />
      <p className={styles.hint}>{t("growth.settings.why")}</p>
      {wrong && (
        <p className={styles.wrong} role="alert">
          {t("growth.settings.wrong")}
        </p>
      )}
      <Button type="submit" look="primary" size={48} isDisabled={saving}>
        {t(saving ? "growth.underWay" : "growth.save")}
      </Button>
    </form>
  );
}
