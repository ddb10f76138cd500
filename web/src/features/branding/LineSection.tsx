import type { FormEvent } from "react";

import { graphemes } from "../../core/names";
import { useT } from "../../i18n/react";
import { useDeed } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import styles from "./branding.module.css";
import { type SectionProps, useBranding } from "./desk";
import { said as inWords } from "./trouble";

/** As the server counts. */
const MOST = 140;

/** What is read by who waits, in each language. */
export function LineSection({ said, draft, onDraft, onChanged }: SectionProps) {
  const t = useT();
  const { api } = useBranding();
  const deed = useDeed();
  const { en, zh } = draft.line;
  const trouble = inWords(t, deed.trouble);
  const isSame = en === said.line.en && zh === said.line.zh;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => api.change({ line_en: en, line_zh: zh }));
    if (!done) return;
    onDraft({ line: done.value.line });
    onChanged(done.value);
  }

  function field(language: "en" | "zh") {
    const value = draft.line[language];
    const left = MOST - graphemes(value).length;
    return (
      <TextField
        label={t(`branding.line.${language}`)}
        hint={left < 40 ? t("branding.line.left", { left }) : undefined}
        value={value}
        onChange={(words) => onDraft({ line: { ...draft.line, [language]: words } })}
        isDisabled={!said.held}
        error={left < 0 ? t("branding.line.long", { most: MOST }) : undefined}
      />
    );
  }

  return (
    <section className={styles.section}>
      <h2>{t("branding.line")}</h2>
      <p className={styles.note}>{t("branding.line.text")}</p>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        {field("en")}
        {field("zh")}
        {trouble && (
          <p className={styles.error} role="alert">
            {trouble}
          </p>
        )}
        <div>
          <Button type="submit" size={48} isDisabled={!said.held || deed.busy || isSame}>
            {t("branding.save")}
          </Button>
        </div>
      </form>
    </section>
  );
}
