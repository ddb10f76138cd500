import { type ReactNode, useState } from "react";

import type { Json } from "../../core/api/accounts-client";
import type { Answer } from "../../core/api/types";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { KeyRound } from "../../ui/icons";
import { TextField } from "../../ui/TextField";

import styles from "./account.module.css";
import { type Deed, useDeed } from "./deed";
import { useDesk } from "./desk";
import { AddressField, EntranceForm } from "./Entrance";
import { futurePasskey, hasPasskeys } from "./passkey";
import { PasswordField } from "./PasswordField";
import { beside, type Field } from "./trouble";

export interface Wanted {
  name: string;
  address: string;
  /** One of the two. */
  password?: string;
  credential?: Json;
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

/** Name, email, then a passkey or a password; nothing else. Language and zone are what the browser says. */
export function Identity<T>({ verb, ask, onDone, children }: IdentityProps<T>) {
  const t = useT();
  const locale = useLocale();
  const desk = useDesk();
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [password, setPassword] = useState("");
  const [byPasskey, byPassword] = [useDeed(), useDeed()];
  const offersPasskey = hasPasskeys(desk.credentials);

  async function make(deed: Deed, prove: () => Promise<Answer<Partial<Wanted>>>) {
    byPasskey.forget();
    byPassword.forget();
    const language = locale === "zh-CN" ? "zh-CN" : "en";
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    let wanted: Wanted = { name, address, language, time_zone: timeZone };
    const done = await deed.run(async () => {
      const proof = await prove();
      if (proof.kind !== "ok") return proof;
      wanted = { ...wanted, ...proof.value };
      return ask(wanted);
    });
    if (done) onDone(done.value, wanted);
  }

  async function passkey(): Promise<Answer<Partial<Wanted>>> {
    const made = await futurePasskey(desk, name, address);
    return made.kind === "ok" ? { kind: "ok", value: { credential: made.value } } : made;
  }

  const wrong = (field: Field) => beside(t, byPasskey.trouble ?? byPassword.trouble, field, desk.now());
  return (
    <EntranceForm
      verb={verb}
      busy={byPassword.busy}
      trouble={wrong("form")}
      isSecond={offersPasskey}
      note={children}
      onSubmit={() => void make(byPassword, () => Promise.resolve({ kind: "ok", value: { password } }))}
    >
      <TextField
        label={t("account.name")}
        value={name}
        onChange={setName}
        autoComplete="name"
        error={wrong("name")}
      />
      <AddressField value={address} onChange={setAddress} error={wrong("address")} />
      {offersPasskey && (
        <>
          <Button
            look="primary"
            size={48}
            wide
            isPending={byPasskey.busy}
            onPress={() => void make(byPasskey, passkey)}
          >
            <KeyRound size={20} strokeWidth={1.75} aria-hidden="true" />
            {t("account.signUp.passkey")}
          </Button>
          <p className={styles.either}>{t("account.or")}</p>
        </>
      )}
      <PasswordField
        label={t("account.password")}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        hint={t("account.password.hint")}
        error={wrong("password")}
      />
    </EntranceForm>
  );
}
