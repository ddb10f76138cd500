import type { ReactNode } from "react";
import { Button, type ButtonProps } from "react-aria-components";

import styles from "./HostRow.module.css";

export interface HostRowProps extends Omit<ButtonProps, "className" | "style" | "children"> {
  icon: ReactNode;
  children: ReactNode;
}

/** An action among the host tools: 40 high, icon 20, word. */
export function HostRow({ icon, children, ...rest }: HostRowProps) {
  return (
    <Button {...rest} className={styles.row ?? ""}>
      {icon}
      <span>{children}</span>
    </Button>
  );
}
