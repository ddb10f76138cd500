import { type FormEvent, type ReactNode, useState } from "react";

import type { Answer } from "../../core/api/types";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import styles from "./account.module.css";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { PasswordField } from "./PasswordField";
import { beside } from "./trouble";

export interface Wanted {
  name: string;
  address: string;
  password: string;
  language: string;
  time_zone: string;
}

export interface IdentityProps<T> {
  /** What the button says. */
  verb: string;
  ask(wanted: Wanted): Promise<Answer<T>>;
  onDone(value: T, wanted: Wanted): void;
  children?: ReactNode;
}

/** Name, email, password; nothing else. Language and zone are what the browser says. */
export function Identity<T>({ verb, ask, onDone, children }: IdentityProps<T>) {
  const t = useT();
  const locale = useLocale();
  const { now } = useDesk();
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [password, setPassword] = useState("");
  const deed = useDeed();

  async function submit(event: FormEvent) {
    event.preventDefault();
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const language = locale === "zh-CN" ? "zh-CN" : "en";
    const wanted = { name, address, password, language, time_zone: timeZone };
    const done = await deed.run(() => ask(wanted));
    if (done) onDone(done.value, wanted);
  }

  const wrong = (field: "name" | "address" | "password" | "form") => beside(t, deed.trouble, field, now());
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("account.name")}
        value={name}
        onChange={setName}
        autoComplete="name"
        error={wrong("name")}
      />
      <TextField
        label={t("account.address")}
        type="email"
        value={address}
        onChange={setAddress}
        autoComplete="username"
        inputMode="email"
        error={wrong("address")}
      />
      <PasswordField
        label={t("account.password")}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={t("account.password.hint")}
        error={wrong("password")}
      />
      {wrong("form") && (
        <p className={styles.wrong} role="alert">
          {wrong("form")}
        </p>
      )}
      {children}
      <Button look="primary" size={48} wide type="submit" isPending={deed.busy}>
        {verb}
      </Button>
    </form>
  );
}
