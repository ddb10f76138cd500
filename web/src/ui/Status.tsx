import type { ReactNode } from "react";

import type { LucideIcon } from "./icons";
import styles from "./Status.module.css";

export interface StatusProps {
  icon: LucideIcon;
  tone?: "neutral" | "warn" | "danger";
  /** What happened. */
  title: string;
  /** Why, and what to do. */
  children?: ReactNode;
  /** Buttons of size 48, the primary one first. */
  actions?: ReactNode;
}

/** A page that is one sentence about a state, and a way out of it. No codes, no spinner, no blame. */
export function Status({ icon: Icon, tone = "neutral", title, children, actions }: StatusProps) {
  return (
    <section className={styles.status}>
      <Icon size={32} strokeWidth={1.75} className={styles.icon} data-tone={tone} aria-hidden="true" />
      <h1 className={styles.title}>{title}</h1>
      {children && <p className={styles.words}>{children}</p>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}
