import type { ReactNode } from "react";

import { Check, CircleAlert, type LucideIcon, TriangleAlert } from "../../ui/icons";

import styles from "./check.module.css";

/** Shape before colour: a tick, a triangle, a round mark. */
const marks = { good: Check, warn: TriangleAlert, bad: CircleAlert } as const;

export interface Finding {
  tone: keyof typeof marks;
  /** What was found. */
  title: string;
  /** What to do; a thing that works needs nothing. */
  text?: string | undefined;
}

export interface CardProps {
  icon: LucideIcon;
  title: string;
  finding: Finding | null;
  /** What is shown while it is tried. */
  children?: ReactNode;
  /** The button that tries it. */
  action?: ReactNode;
}

/** One part of the check. What was found is told to a screen reader as it comes. */
export function Card({ icon: Icon, title, finding, children, action }: CardProps) {
  return (
    <section className={styles.card} aria-label={title}>
      <header className={styles.header}>
        <Icon size={20} strokeWidth={1.75} aria-hidden="true" />
        <h2 className={styles.title}>{title}</h2>
        {action}
      </header>
      {children}
      <div role="status">{finding && <Found {...finding} />}</div>
    </section>
  );
}

function Found({ tone, title, text }: Finding) {
  const Mark = marks[tone];
  return (
    <div className={styles.finding} data-tone={tone}>
      <Mark size={20} strokeWidth={1.75} aria-hidden="true" />
      <p>
        <strong className={styles.found}>{title}</strong>
        {text && <span>{text}</span>}
      </p>
    </div>
  );
}
