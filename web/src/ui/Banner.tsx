import type { ReactNode } from "react";

import styles from "./Banner.module.css";
import { CircleAlert, LoaderCircle, TriangleAlert } from "./icons";

export interface BannerProps {
  /** Colour is the third sign: each tone has its own icon shape, and the words say it anyway. */
  tone: "info" | "warn" | "danger" | "busy";
  /** Instead of the tone's own sign. */
  icon?: ReactNode;
  /** What happened, in bold. */
  title?: ReactNode;
  /** Why, and what to do. */
  children?: ReactNode;
  /** Buttons of size 32. */
  actions?: ReactNode;
  /** On a phone the buttons have a row of their own: for more than one. */
  isStacked?: boolean;
}

const icons = { info: CircleAlert, warn: TriangleAlert, danger: CircleAlert, busy: LoaderCircle };

/** A row of its own that pushes what is below it; never laid over anything. */
export function Banner({ tone, icon, title, children, actions, isStacked = false }: BannerProps) {
  const Icon = icons[tone];
  return (
    <div className={styles.banner} data-tone={tone} data-stacked={isStacked || undefined} role="status">
      {icon ?? <Icon size={20} strokeWidth={1.75} className={styles.icon} aria-hidden="true" />}
      <p className={styles.words}>
        {title && <strong>{title}</strong>}
        {children}
      </p>
      {actions}
    </div>
  );
}
