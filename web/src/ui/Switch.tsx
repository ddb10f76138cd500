import type { ReactNode } from "react";
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from "react-aria-components";

import styles from "./Switch.module.css";

export interface SwitchProps extends Omit<AriaSwitchProps, "className" | "style" | "children"> {
  icon?: ReactNode;
  children: ReactNode;
}

/** A row 40 high: what it is, and whether it is on. */
export function Switch({ icon, children, ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className={styles.switch ?? ""}>
      {icon}
      <span>{children}</span>
      <i />
    </AriaSwitch>
  );
}
