import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";

import type { AccountShown, ProviderShown, Way } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { TextField } from "../../ui/TextField";

import styles from "./account.module.css";
import { useDeed } from "./deed";
import { type Back, useDesk } from "./desk";
import { AddressField, Entrance, EntranceForm, OtherWay, WithoutAccount } from "./Entrance";
import { Organisations } from "./Organisations";
import { hasPasskeys, withPasskey } from "./passkey";
import { PasskeyPart } from "./PasskeyPart";
import { PasswordField } from "./PasswordField";
import { beside } from "./trouble";

export interface SignInProps {
  /** Null until the server has said. */
  way: Way | null;
  providers: readonly ProviderShown[];
  back: Back | null;
  onIn(account: AccountShown): void;
}

/** Passkey first, password second; no account needed stays in sight. */
export function SignIn({ way, providers, back, onIn }: SignInProps) {
  const t = useT();
  return (
    <Entrance title={t("account.signIn.title")} about={t("account.signIn.where", { host: location.host })}>
      <SignInForms onIn={onIn} />
      <Organisations providers={providers} back={back} />
      {way && way.sign_up !== "closed" && (
        <OtherWay before={t("account.signIn.new")} href={`/signup${location.search}`}>
          {t("account.signIn.create")}
        </OtherWay>
      )}
      <WithoutAccount />
    </Entrance>
  );
}

/** All the ways, the surest first. */
export function SignInForms({ onIn }: Pick<SignInProps, "onIn">) {
  const t = useT();
  const desk = useDesk();
  const passkey = useDeed();
  const form = useRef<HTMLDivElement>(null);
  const offersPasskey = hasPasskeys(desk.credentials);

  async function usePasskey() {
    const done = await passkey.run(() => withPasskey(desk, desk.api.passkeySignIn));
    if (done) onIn(done.value);
  }

  return (
    <>
      {offersPasskey && (
        <>
          <PasskeyPart
            deed={passkey}
            onUse={() => void usePasskey()}
            onPassword={() => form.current?.querySelector("input")?.focus()}
          />
          <p className={styles.or}>{t("account.or")}</p>
        </>
      )}
      <div ref={form}>
        <PasswordForm isFirst={!offersPasskey} onIn={onIn} />
      </div>
    </>
  );
}

/** A1, A2, and the second step where the account wants one. */
function PasswordForm({ isFirst, onIn }: { isFirst: boolean; onIn: SignInProps["onIn"] }) {
  const t = useT();
  const { api, now } = useDesk();
  const [address, setAddress] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const deed = useDeed();

  async function submit() {
    const attempt = { address, password, ...(asksCode && { code }) };
    let needed = false;
    const done = await deed.run(async () => {
      const answer = await api.signIn(attempt);
      needed = answer.kind === "refused" && answer.refusal.code === "signin.code_needed";
      return answer;
    });
    if (done) return onIn(done.value);
    if (needed) {
      setAsksCode(true);
      if (!asksCode) deed.forget();
    }
  }

  const wrong = (field: "address" | "password" | "code" | "form") => beside(t, deed.trouble, field, now());
  return (
    <EntranceForm
      verb={t("account.signIn.do")}
      busy={deed.busy}
      trouble={wrong("form")}
      isSecond={!isFirst}
      onSubmit={() => void submit()}
    >
      <AddressField value={address} onChange={setAddress} error={wrong("address")} />
      <PasswordField
        label={t("account.password")}
        beside={
          <Link className={styles.link} href="/signin/help">
            {t("account.signIn.help")}
          </Link>
        }
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        error={wrong("password")}
      />
      {asksCode && <CodeField value={code} onChange={setCode} error={wrong("code")} />}
    </EntranceForm>
  );
}

interface CodeFieldProps {
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}

/** Comes when it is needed, and is what one types next. */
function CodeField(props: CodeFieldProps) {
  const t = useT();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector("input")?.focus(), []);
  return (
    <div ref={place}>
      <TextField
        {...props}
        label={t("account.code")}
        hint={t("account.code.hint")}
        autoComplete="one-time-code"
      />
    </div>
  );
}
