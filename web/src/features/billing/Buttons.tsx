import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import styles from "./billing.module.css";

/** Of a dialog: out of it first, the deed last. */
export function Buttons({ onClose, children }: { onClose(): void; children: ReactNode }) {
  const t = useT();
  return (
    <div className={styles.buttons}>
      <Button onPress={onClose}>{t("billing.close")}</Button>
      {children}
    </div>
  );
}
