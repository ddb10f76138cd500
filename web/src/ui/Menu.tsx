import type { ReactNode } from "react";
import {
  Header,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  type MenuItemProps as AriaMenuItemProps,
  type MenuProps,
  type MenuSectionProps as AriaMenuSectionProps,
  Text,
} from "react-aria-components";

import { Check } from "./icons";
import styles from "./Menu.module.css";

export { MenuTrigger } from "react-aria-components";

/** The list inside a Popover. With `selectionMode="single"` it is our select: the chosen row has a tick. */
export function Menu<T extends object>(props: Omit<MenuProps<T>, "className" | "style">) {
  return <AriaMenu {...props} className={styles.menu ?? ""} />;
}

export interface MenuItemProps extends Omit<AriaMenuItemProps, "className" | "style" | "children"> {
  icon?: ReactNode;
  children: ReactNode;
  tone?: "normal" | "danger";
  /** What choosing it means, under its words. */
  hint?: ReactNode;
}

export function MenuItem({ icon, children, tone = "normal", hint, ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem {...rest} className={styles.item ?? ""} data-tone={tone}>
      {({ isSelected, selectionMode }) => (
        <>
          {selectionMode !== "none" && (
            <span className={styles.tick}>{isSelected && <Check size={16} />}</span>
          )}
          {icon}
          <span className={styles.words}>
            {children}
            {hint !== undefined && (
              <Text slot="description" className={styles.hint ?? ""}>
                {hint}
              </Text>
            )}
          </span>
        </>
      )}
    </AriaMenuItem>
  );
}

export interface MenuSectionProps<T extends object> extends Omit<
  AriaMenuSectionProps<T>,
  "className" | "style"
> {
  title: string;
  children: ReactNode;
}

export function MenuSection<T extends object>({ title, children, ...rest }: MenuSectionProps<T>) {
  return (
    <AriaMenuSection {...rest} className={styles.section ?? ""}>
      <Header className={styles.title ?? ""}>{title}</Header>
      {children}
    </AriaMenuSection>
  );
}
