import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { KeyRound } from "../../ui/icons";

import styles from "./account.module.css";
import type { Deed } from "./deed";
import { useDesk } from "./desk";
import { wordsOf } from "./trouble";

export interface PasskeyPartProps {
  deed: Deed;
  onUse(): void;
  /** Where the other way is. */
  onPassword(): void;
}

/** The filled button, and A9 in its place when nothing came of it. */
export function PasskeyPart({ deed, onUse, onPassword }: PasskeyPartProps) {
  const t = useT();
  const { now } = useDesk();
  const { trouble } = deed;
  const none = trouble !== null && trouble !== "failed" && trouble.code === "passkey.none";
  return (
    <div className={styles.passkey}>
      <Button look="primary" size={48} wide isPending={deed.busy} onPress={onUse}>
        <KeyRound size={20} strokeWidth={1.75} aria-hidden="true" />
        {t(none ? "account.passkey.again" : "account.passkey.use")}
      </Button>
      {trouble && (
        <p className={styles.wrong} role="alert">
          {none ? t("account.passkey.none") : wordsOf(t, trouble, now())}
        </p>
      )}
      {none && <Button onPress={onPassword}>{t("account.passkey.password")}</Button>}
    </div>
  );
}
