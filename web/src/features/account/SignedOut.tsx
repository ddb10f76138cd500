import type { AccountShown } from "../../core/api/accounts-client";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";

import styles from "./account.module.css";
import { SignInForms } from "./SignIn";

/** A3: over the page, so that what was typed there is still there afterwards. */
export function SignedOut({ onIn }: { onIn(account: AccountShown): void }) {
  const t = useT();
  return (
    <Dialog title={t("account.lost.title")} isOpen isDismissable={false}>
      <p className={styles.where}>{t("account.lost.text")}</p>
      <SignInForms onIn={onIn} />
    </Dialog>
  );
}
