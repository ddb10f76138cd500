import type { FormEvent } from "react";

import { useT } from "../../i18n/react";
import { useDeed } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import styles from "./branding.module.css";
import { type SectionProps, useBranding } from "./desk";
import { said as inWords } from "./trouble";

/** The name that others see; empty, as the organisation is called. */
export function NameSection({ said, draft, onDraft, onChanged }: SectionProps) {
  const t = useT();
  const { api, called } = useBranding();
  const deed = useDeed();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => api.change({ name: draft.name }));
    if (!done) return;
    onDraft({ name: done.value.name });
    onChanged(done.value);
  }

  return (
    <form className={styles.inline} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("branding.name")}
        placeholder={called}
        hint={t("branding.name.hint")}
        value={draft.name}
        onChange={(name) => onDraft({ name })}
        isDisabled={!said.held}
        error={inWords(t, deed.trouble)}
      />
      <Button type="submit" size={48} isDisabled={!said.held || deed.busy || draft.name === said.name}>
        {t("branding.save")}
      </Button>
    </form>
  );
}
