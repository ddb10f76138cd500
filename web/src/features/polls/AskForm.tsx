import { useEffect, useRef, useState } from "react";

import { useT } from "../../i18n/react";
import { Button, IconButton } from "../../ui/Button";
import { X } from "../../ui/icons";
import { useSession, useStore } from "../../ui/room/context";
import { Switch } from "../../ui/Switch";
import { TextField } from "../../ui/TextField";

import { usePollCommand } from "./command";
import { answers, blank, type Draft, draftOf } from "./draft";
import styles from "./polls.module.css";

const MOST_OPTIONS = 10;
const MINUTES = [0, 1, 2, 5, 10, 30];

export function AskForm({ onDone }: { onDone(): void }) {
  const t = useT();
  const store = draftOf(useSession());
  const draft = useStore(store);
  const command = usePollCommand();
  const [failure, setFailure] = useState("");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const { filled, isWhole } = answers(draft);
  const change = (part: Partial<Draft>): void => store.update((before) => ({ ...before, ...part }));
  const ask = async (): Promise<void> => {
    const said = await command("ask", {
      question: draft.question,
      options: filled,
      several: draft.several,
      anonymous: draft.anonymous,
      results: draft.forAll ? "all" : "hosts",
      ...(draft.minutes > 0 && { open_s: draft.minutes * 60 }),
    });
    setFailure(said);
    if (said) return;
    store.set(blank);
    onDone();
  };
  return (
    <form
      ref={form}
      className={styles.card}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) void ask();
      }}
      noValidate
    >
      <TextField
        label={t("polls.question")}
        size={40}
        maxLength={300}
        value={draft.question}
        onChange={(question) => change({ question })}
      />
      <Options options={draft.options} onChange={(options) => change({ options })} />
      <Switch isSelected={draft.several} onChange={(several) => change({ several })}>
        {t("polls.several")}
      </Switch>
      <Switch isSelected={draft.anonymous} onChange={(anonymous) => change({ anonymous })}>
        {t("polls.anonymous")}
      </Switch>
      <p className={styles.hint}>{t(draft.anonymous ? "polls.anonymous.hint" : "polls.named.hint")}</p>
      <Switch isSelected={draft.forAll} onChange={(forAll) => change({ forAll })}>
        {t("polls.for_all")}
      </Switch>
      <label className={styles.closes}>
        <span>{t("polls.closes")}</span>
        <select value={draft.minutes} onChange={({ target }) => change({ minutes: Number(target.value) })}>
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {t("polls.closes.after", { minutes })}
            </option>
          ))}
        </select>
      </label>
      {failure && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="submit" look="primary" isDisabled={!isWhole}>
          {t("polls.ask")}
        </Button>
        <Button onPress={onDone}>{t("polls.cancel")}</Button>
      </div>
    </form>
  );
}

function Options({
  options,
  onChange,
}: {
  options: readonly string[];
  onChange(options: readonly string[]): void;
}) {
  const t = useT();
  return (
    <div className={styles.options}>
      {options.map((option, place) => (
        // They have no name but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={place} className={styles.option}>
          <TextField
            label={t("polls.option", { place: place + 1 })}
            labelHidden
            placeholder={t("polls.option", { place: place + 1 })}
            size={40}
            maxLength={120}
            value={option}
            onChange={(words) => onChange(options.with(place, words))}
          />
          {options.length > 2 && (
            <IconButton
              aria-label={t("polls.option.remove", { place: place + 1 })}
              onPress={() => onChange(options.toSpliced(place, 1))}
            >
              <X size={20} strokeWidth={1.75} />
            </IconButton>
          )}
        </div>
      ))}
      {options.length < MOST_OPTIONS && (
        <Button look="plain" onPress={() => onChange([...options, ""])}>
          {t("polls.option.add")}
        </Button>
      )}
    </div>
  );
}
