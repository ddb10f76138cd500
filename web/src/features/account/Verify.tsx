import { useState } from "react";

import type { AccountShown } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert, Mail } from "../../ui/icons";
import { Status } from "../../ui/Status";

import styles from "./account.module.css";
import { type Deed, useDeed } from "./deed";
import { useDesk } from "./desk";
import { Entrance, EntranceForm } from "./Entrance";
import { withPasskey } from "./passkey";
import { PasswordField } from "./PasswordField";
import { beside } from "./trouble";

export interface VerifyProps {
  token: string;
  onIn(account: AccountShown): void;
}

/** A link in a mail: one press, since whatever reads mails for their owner also opens links. */
export function Verify({ token, onIn }: VerifyProps) {
  const t = useT();
  const desk = useDesk();
  const { api, go, now } = desk;
  const [over, setOver] = useState(false);
  const [asksPassword, setAsksPassword] = useState(false);
  const [asksPasskey, setAsksPasskey] = useState(false);
  const [password, setPassword] = useState("");
  const deed = useDeed();

  async function confirm(ask = () => api.verify(token, { password })) {
    let code = "";
    const done = await deed.run(async () => {
      const answer = await ask();
      code = answer.kind === "refused" ? answer.refusal.code : "";
      return answer;
    });
    if (done) return onIn(done.value);
    if (code === "proof.over") setOver(true);
    if (code === "proof.password_needed") {
      setAsksPassword(true);
      deed.forget();
    }
    if (code === "proof.passkey_needed") {
      setAsksPasskey(true);
      deed.forget();
    }
  }

  function sign() {
    void confirm(() => withPasskey(desk, (credential) => api.verify(token, { credential })));
  }

  if (over || !token) return <Over again={() => go("/signup")} />;
  if (asksPassword) {
    return (
      <Elsewhere deed={deed} password={password} onChange={setPassword} onSubmit={() => void confirm()} />
    );
  }
  return (
    <Status
      icon={Mail}
      title={t("account.verify.title")}
      actions={
        <Button
          look="primary"
          size={48}
          isPending={deed.busy}
          onPress={() => (asksPasskey ? sign() : void confirm())}
        >
          {t(asksPasskey ? "account.verify.passkey" : "account.verify.do")}
        </Button>
      }
    >
      {asksPasskey ? t("account.verify.passkey.text") : t("account.verify.text", { host: location.host })}
      {beside(t, deed.trouble, "form", now()) && (
        <span className={styles.wrong} role="alert">
          {beside(t, deed.trouble, "form", now())}
        </span>
      )}
    </Status>
  );
}

interface ElsewhereProps {
  deed: Deed;
  password: string;
  onChange(password: string): void;
  onSubmit(): void;
}

/** Whoever asked knows the password; whose mailbox it is needn't be the same person. */
function Elsewhere({ deed, password, onChange, onSubmit }: ElsewhereProps) {
  const t = useT();
  const { now } = useDesk();
  return (
    <Entrance title={t("account.verify.title")} about={t("account.verify.elsewhere")}>
      <EntranceForm
        verb={t("account.verify.do")}
        busy={deed.busy}
        trouble={beside(t, deed.trouble, "form", now())}
        onSubmit={onSubmit}
      >
        <PasswordField
          label={t("account.password")}
          hint={t("account.verify.notYou")}
          value={password}
          onChange={onChange}
          autoComplete="current-password"
          error={beside(t, deed.trouble, "password", now())}
        />
      </EntranceForm>
    </Entrance>
  );
}

/** A5 */
export function Over({ again }: { again(): void }) {
  const t = useT();
  return (
    <Status
      icon={CircleAlert}
      tone="warn"
      title={t("refused.proof.over")}
      actions={
        <Button look="primary" size={48} onPress={again}>
          {t("account.over.again")}
        </Button>
      }
    >
      {t("account.over.text")}
    </Status>
  );
}
