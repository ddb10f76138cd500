import { useState } from "react";

import type { AccountShown } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert, Mail } from "../../ui/icons";
import { Status } from "../../ui/Status";

import styles from "./account.module.css";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { wordsOf } from "./trouble";

export interface VerifyProps {
  token: string;
  onIn(account: AccountShown): void;
}

/** A link in a mail: one press, since whatever reads mails for their owner also opens links. */
export function Verify({ token, onIn }: VerifyProps) {
  const t = useT();
  const { api, go, now } = useDesk();
  const [over, setOver] = useState(false);
  const deed = useDeed();

  async function confirm() {
    const done = await deed.run(async () => {
      const answer = await api.verify(token);
      if (answer.kind === "refused" && answer.refusal.code === "proof.over") setOver(true);
      return answer;
    });
    if (done) onIn(done.value);
  }

  if (over || !token) return <Over again={() => go("/signup")} />;
  return (
    <Status
      icon={Mail}
      title={t("account.verify.title")}
      actions={
        <Button look="primary" size={48} isPending={deed.busy} onPress={() => void confirm()}>
          {t("account.verify.do")}
        </Button>
      }
    >
      {t("account.verify.text", { host: location.host })}
      {deed.trouble && (
        <span className={styles.wrong} role="alert">
          {wordsOf(t, deed.trouble, now())}
        </span>
      )}
    </Status>
  );
}

/** A5 */
export function Over({ again }: { again(): void }) {
  const t = useT();
  return (
    <Status
      icon={CircleAlert}
      tone="warn"
      title={t("account.refused.expired")}
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
