import type { ReactNode } from "react";

import styles from "./PlanDialog.module.css";

export interface RowProps {
  label: string;
  hint?: string | undefined;
  children: ReactNode;
}

/** A word at the left, what it is about at the right; on a phone above each other. */
export function Row({ label, hint, children }: RowProps) {
  return (
    <div className={styles.row}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <div className={styles.fields}>
        {children}
        {hint !== undefined && <p className={styles.hint}>{hint}</p>}
      </div>
    </div>
  );
}
