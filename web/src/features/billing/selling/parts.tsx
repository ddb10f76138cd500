/** What the dialogs of who sells share: the effect is shown before the deed. */
import type { FormEvent, ReactNode } from "react";

import { useT } from "../../../i18n/react";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";

import { Buttons } from "../Buttons";
import styles from "./selling.module.css";

export function Effect({ children }: { children: ReactNode }) {
  const t = useT();
  return (
    <div className={styles.effect} role="status">
      <h3>{t("billing.selling.effect")}</h3>
      {children}
    </div>
  );
}

interface AskedProps {
  title: string;
  /** The button that does it. */
  word: string;
  /** What it comes to; without it there is nothing to be said yet. */
  effect: ReactNode;
  /** What the server refused, where it is about no field. */
  error?: string | undefined;
  busy: boolean;
  isDanger?: boolean;
  isWide?: boolean;
  onSubmit(): void;
  onClose(): void;
  children?: ReactNode;
}

/** Fields, what they come to, and the one button that says so. */
export function AskedDialog({ title, isWide = false, onClose, ...rest }: AskedProps) {
  return (
    <Dialog title={title} isOpen isWide={isWide} onOpenChange={(open) => !open && onClose()}>
      <AskedForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

type FormProps = Omit<AskedProps, "title" | "isWide">;

export function AskedForm({ word, effect, error, busy, isDanger, onSubmit, onClose, children }: FormProps) {
  function submit(event: FormEvent) {
    event.preventDefault();
    if (effect && !busy) onSubmit();
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {children}
      {effect && <Effect>{effect}</Effect>}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <Buttons onClose={onClose}>
        <Button type="submit" look={isDanger ? "danger" : "primary"} isDisabled={busy || !effect}>
          {word}
        </Button>
      </Buttons>
    </form>
  );
}
