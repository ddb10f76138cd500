import { type FormEvent, useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useDeed } from "../../ui/asking";
import { useDesk } from "./desk";
import styles from "./organisation.module.css";
import { said } from "./trouble";

/** Nobody needs an organisation to meet; who wants one makes it in a minute. */
export function Found({ onFound }: { onFound(): void }) {
  const t = useT();
  const { api } = useDesk();
  const deed = useDeed();
  const [name, setName] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.make(name))) onFound();
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <h1>{t("organisation.found.title")}</h1>
      <p>{t("organisation.found.text")}</p>
      <TextField
        label={t("organisation.found.name")}
        value={name}
        onChange={setName}
        error={said(t, deed.trouble)}
      />
      <Button type="submit" look="primary" size={48} isDisabled={deed.busy || !name.trim()}>
        {t("organisation.found.make")}
      </Button>
    </form>
  );
}
