import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { useT } from "../i18n/react";

import { IconButton } from "./Button";
import styles from "./Dialog.module.css";
import { X } from "./icons";
import { layer } from "./layers";

export { DialogTrigger } from "react-aria-components";

export interface DialogProps {
  title: string;
  /** Leave out inside a DialogTrigger, which then knows. */
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  isDismissable?: boolean;
  role?: "dialog" | "alertdialog";
  /** For a list: 640, where others are 480. */
  isWide?: boolean;
  /** `form`: 736, for fields with their words at the left. */
  size?: "form";
  /** A cross at the title, where no button of the dialog's own ends it. */
  hasCross?: boolean;
  children: ReactNode | ((close: () => void) => ReactNode);
}

/** A modal with its scrim: traps focus, closes on Esc, gives focus back. On phones it is a sheet from below. */
export function Dialog({
  title,
  children,
  isDismissable = true,
  role = "dialog",
  isWide = false,
  size,
  hasCross = false,
  ...open
}: DialogProps) {
  return (
    <ModalOverlay {...open} isDismissable={isDismissable} className={styles.scrim ?? ""}>
      <Modal {...layer} className={styles.modal ?? ""} data-wide={isWide || undefined} data-size={size}>
        <AriaDialog role={role} className={styles.dialog ?? ""}>
          {({ close }) => (
            <>
              <div className={styles.head}>
                <Heading slot="title" className={styles.title ?? ""}>
                  {title}
                </Heading>
                {hasCross && <Cross onPress={close} />}
              </div>
              {typeof children === "function" ? children(close) : children}
            </>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function Cross({ onPress }: { onPress(): void }) {
  const t = useT();
  return (
    <IconButton aria-label={t("ui.close")} onPress={onPress}>
      <X size={20} strokeWidth={1.75} />
    </IconButton>
  );
}

/** The row of buttons at a dialog's end, the primary one last. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return <div className={styles.buttons}>{children}</div>;
}
