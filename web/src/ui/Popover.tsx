import { Popover as AriaPopover, type PopoverProps as AriaPopoverProps } from "react-aria-components";

import { layer } from "./layers";
import styles from "./Popover.module.css";

export interface PopoverProps extends Omit<AriaPopoverProps, "className" | "style"> {
  /** `dialog` has the larger radius and shadow: for content with more than rows. */
  look?: "menu" | "dialog";
}

/** A layer beside its trigger. Put it inside a DialogTrigger or MenuTrigger of react-aria-components. */
export function Popover({ look = "menu", offset = 8, ...rest }: PopoverProps) {
  return (
    <AriaPopover {...rest} {...layer} offset={offset} className={styles.popover ?? ""} data-look={look} />
  );
}
