import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import styles from "./settings.module.css";

export interface SecretProps {
  title: string;
  why: string;
  secret: string;
  onEnd(): void;
}

/** Shown this once. It stays until somebody says that they have it: no touch beside it takes it away. */
export function Secret({ title, why, secret, onEnd }: SecretProps) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  return (
    <Dialog title={title} isOpen isDismissable={false} onOpenChange={(open) => !open && onEnd()}>
      <p className={styles.hint}>{why}</p>
      <p className={styles.once}>
        <code>{secret}</code>
      </p>
      <DialogButtons>
        <Button onPress={() => void navigator.clipboard?.writeText(secret).then(() => setCopied(true))}>
          {t(copied ? "account.copied" : "account.copy")}
        </Button>
        <Button look="primary" onPress={onEnd}>
          {t("account.secret.done")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
