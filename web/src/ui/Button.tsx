import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";

import styles from "./Button.module.css";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style"> {
  /** One `primary` per screen; everything else is quiet. `leave` only for leaving and stopping. */
  look?: "primary" | "quiet" | "plain" | "danger" | "leave";
  size?: 32 | 40 | 48;
  wide?: boolean;
}

export function Button({ look = "quiet", size = 40, wide = false, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={styles.button ?? ""}
      data-look={look}
      data-size={size}
      data-wide={wide || undefined}
    />
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "style"> {
  /** The accessible name; wrap in a Tooltip to show it too. */
  "aria-label": string;
  look?: "ctl" | "bare" | "off";
  size?: 32 | 40 | 48;
}

/** A square button with nothing but an icon in it. */
export function IconButton({ look = "bare", size = 40, ...rest }: IconButtonProps) {
  return <AriaButton {...rest} className={styles.icon ?? ""} data-look={look} data-size={size} />;
}
