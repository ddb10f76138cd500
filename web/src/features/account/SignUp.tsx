import { useState } from "react";
import { Link } from "wouter";

import type { AccountShown, Way } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { ChevronRight, Lock, Mail } from "../../ui/icons";
import { Status } from "../../ui/Status";

import styles from "./account.module.css";
import { useDesk } from "./desk";
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
    <section className={styles.column}>
      <h1 className={styles.title}>{t("account.signUp.title")}</h1>
      <p className={styles.where}>{t("account.signUp.where", { host: location.host })}</p>
      <Identity
        verb={t("account.signUp.do")}
        ask={api.signUp}
        onDone={({ account }, { address }) => (account ? onIn(account) : setMailed(address))}
      >
        {!way.mail && <p className={styles.where}>{t("account.signUp.noMail")}</p>}
      </Identity>
      <p className={styles.lines}>
        <span>
          {t("account.signUp.have")}{" "}
          <Link className={styles.link} href={`/signin${location.search}`}>
            {t("account.signIn.do")}
          </Link>
        </span>
      </p>
      <Link className={styles.without} href="/">
        {t("account.without")}
        <ChevronRight size={16} aria-hidden="true" />
      </Link>
    </section>
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
