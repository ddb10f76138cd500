import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";

import { ChevronDown, ChevronRight } from "../../ui/icons";

import styles from "./Dashboard.module.css";

export interface FoldProps {
  title: ReactNode;
  isOpen: boolean;
  onOpen(isOpen: boolean): void;
}

/** A heading that shows and hides what is under it. */
export function Fold({ title, isOpen, onOpen }: FoldProps) {
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <AriaButton className={styles.fold ?? ""} aria-expanded={isOpen} onPress={() => onOpen(!isOpen)}>
      {title}
      <Chevron size={16} strokeWidth={1.75} aria-hidden="true" />
    </AriaButton>
  );
}
