import { useRef, useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { refusalWords } from "../../ui/refusal";
import { TextField } from "../../ui/TextField";

import { useDesk } from "./desk";
import styles from "./growth.module.css";

const BOOK = "ours";

/** A small file of events, from here: what is wrong in it is named by its line. */
export function Bring({ onBrought }: { onBrought(): void }) {
  const t = useT();
  const { api } = useDesk();
  const [currency, setCurrency] = useState("EUR");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  async function bring(chosen: File) {
    setBusy(true);
    const answer = await api.bring(BOOK, chosen, currency.trim().toUpperCase());
    setBusy(false);
    if (answer.kind === "ok") return onBrought();
    setWrong(
      answer.kind === "refused"
        ? refusalWords(t, answer.refusal, { other: "growth.entry.gone" })
        : t("growth.entry.gone"),
    );
  }
  return (
    <>
      <TextField
        label={t("growth.currency")}
        size={40}
        value={currency}
        onChange={setCurrency}
        maxLength={3}
      />
      <input
        ref={file}
        type="file"
        accept=".jsonl,.ndjson,.json"
        hidden
        aria-label={t("growth.file")}
        onChange={({ target }) => {
          const chosen = target.files?.[0];
          target.value = "";
          if (chosen) void bring(chosen);
        }}
      />
      <Button isDisabled={busy} onPress={() => file.current?.click()}>
        {t(busy ? "growth.underWay" : "growth.file")}
      </Button>
      {wrong && (
        <p className={styles.wrong} role="alert">
          {wrong}
        </p>
      )}
    </>
  );
}
