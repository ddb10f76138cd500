import type { ReactNode } from "react";
import { Button, type ButtonProps } from "react-aria-components";

import { Tooltip } from "../Tooltip";

import styles from "./BarButton.module.css";

export interface BarButtonProps extends Omit<ButtonProps, "className" | "style" | "children"> {
  icon: ReactNode;
  /** The verb one gets: Mute, not Muted. */
  word: string;
  /** Fits under a 52 px button on a phone. */
  shortWord?: string;
  /** Verb and object: "Unmute microphone". Counts belong in here too. */
  label: string;
  shortcut?: string | undefined;
  /** `filled`: has a state. `off`: that state is off. `open`: its panel is open. `leave`: the red one. */
  look?: "bare" | "filled" | "off" | "open" | "leave";
  badge?: number | string | undefined;
  /** Not allowed: greyed, and whoever presses it is told why. */
  isBarred?: boolean;
  /** A number that is always there, grey, beside the icon. */
  count?: number;
}

export function BarButton({
  icon,
  word,
  shortWord,
  label,
  shortcut,
  look = "bare",
  badge,
  count,
  isBarred = false,
  ...rest
}: BarButtonProps) {
  const button = (
    <Button
      {...rest}
      aria-label={label}
      className={styles.button ?? ""}
      data-look={look}
      data-barred={isBarred || undefined}
    >
      <span className={styles.icon} aria-hidden="true">
        {icon}
        {count !== undefined && <span className={styles.count} data-drawn={count} />}
        {badge !== undefined && <span className={styles.badge} data-drawn={badge} />}
      </span>
      <span className={styles.word} aria-hidden="true">
        <span className={styles.long}>{word}</span>
        <span className={styles.short}>{shortWord ?? word}</span>
      </span>
    </Button>
  );
  // A tip that says what stands there only covers what is told above the bar.
  if (label === word && !shortcut) return button;
  return (
    <Tooltip text={label} shortcut={shortcut}>
      {button}
    </Tooltip>
  );
}

/** The ▾ of Mute and Video: 28 px of the same fill, pointing where its menu opens. */
export function BarMore({
  look = "filled",
  ...rest
}: Omit<ButtonProps, "className" | "style"> & { look?: "filled" | "off" }) {
  return <Button {...rest} className={styles.more ?? ""} data-look={look} />;
}

/** Holds a button and its ▾ in one fill. */
export function BarPair({ look, children }: { look: "filled" | "off"; children: ReactNode }) {
  return (
    <div className={styles.pair} data-look={look}>
      {children}
    </div>
  );
}
