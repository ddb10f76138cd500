import { useState } from "react";
import { Button } from "react-aria-components";

import { isImeKey } from "../../core/keyboard";
import { useT } from "../../i18n/react";

import styles from "./chat.module.css";
import { isTooLong, trimmed } from "./outbox";
import { TooLong } from "./TooLong";

/** One's own words, in their place, to be written anew. Enter keeps them, Escape leaves them as they were. */
export function EditField({
  text,
  onSave,
  onCancel,
}: {
  text: string;
  onSave(text: string): Promise<void>;
  onCancel(): void;
}) {
  const t = useT();
  const [words, setWords] = useState(text);
  const [isBusy, setBusy] = useState(false);
  const isLong = isTooLong(words);
  const isIdle = trimmed(words) === "" || isLong || isBusy;
  const save = async (): Promise<void> => {
    if (isIdle) return;
    if (trimmed(words) === text) {
      onCancel();
      return;
    }
    setBusy(true);
    await onSave(trimmed(words));
    setBusy(false);
  };
  return (
    <div className={styles.editing}>
      <textarea
        // It was asked for this moment.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        className={styles.field}
        aria-label={t("chat.edit.field")}
        aria-invalid={isLong || undefined}
        dir="auto"
        rows={1}
        value={words}
        onChange={({ target }) => setWords(target.value)}
        onKeyDown={(event) => {
          if (isImeKey(event.nativeEvent)) return;
          if (event.key === "Escape") {
            event.stopPropagation();
            onCancel();
          } else if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            void save();
          }
        }}
      />
      {isLong && <TooLong />}
      <p className={styles.actions}>
        <Button className={styles.action ?? ""} isDisabled={isIdle} onPress={() => void save()}>
          {t("chat.edit.save")}
        </Button>
        <Button className={styles.action ?? ""} data-quiet="" onPress={onCancel}>
          {t("chat.edit.cancel")}
        </Button>
      </p>
    </div>
  );
}
