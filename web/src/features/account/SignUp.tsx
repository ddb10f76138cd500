import { useState } from "react";

import type { AccountShown, Way } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Lock, Mail } from "../../ui/icons";
import { Status } from "../../ui/Status";

import styles from "./account.module.css";
import { useDesk } from "./desk";
import { Entrance, OtherWay, WithoutAccount } from "./Entrance";
import { Identity } from "./Identity";

export interface SignUpProps {
  way: Way;
  onIn(account: AccountShown): void;
}

export function SignUp({ way, onIn }: SignUpProps) {
  const t = useT();
  const { api, go } = useDesk();
  const [mailed, setMailed] = useState<string | null>(null);
  if (way.sign_up === "closed") return <Closed onHome={() => go("/")} />;
  if (mailed !== null) return <Mailed address={mailed} onBack={() => setMailed(null)} />;
  return (
    <Entrance title={t("account.signUp.title")} about={t("account.signUp.where", { host: location.host })}>
      <Identity
        verb={t("account.signUp.do")}
        ask={api.signUp}
        onDone={({ account }, { address }) => (account ? onIn(account) : setMailed(address))}
      >
        {!way.mail && <p className={styles.where}>{t("account.signUp.noMail")}</p>}
      </Identity>
      <OtherWay before={t("account.signUp.have")} href={`/signin${location.search}`}>
        {t("account.signIn.do")}
      </OtherWay>
      <WithoutAccount />
    </Entrance>
  );
}

/** A4 */
function Closed({ onHome }: { onHome(): void }) {
  const t = useT();
  return (
    <Status
      icon={Lock}
      title={t("account.closed.title")}
      actions={
        <Button look="primary" size={48} onPress={onHome}>
          {t("account.without")}
        </Button>
      }
    >
      {t("account.closed.text")}
    </Status>
  );
}

/** Said whether there is an account with that address or not. */
export function Mailed({ address, onBack }: { address: string; onBack(): void }) {
  const t = useT();
  return (
    <Status
      icon={Mail}
      title={t("account.mailed.title")}
      actions={
        <Button size={48} onPress={onBack}>
          {t("account.mailed.back")}
        </Button>
      }
    >
      {t("account.mailed.text", { address })}
    </Status>
  );
}
