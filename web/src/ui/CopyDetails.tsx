import { useState } from "react";

import { useT } from "../i18n/react";
import { Button, type ButtonProps } from "./Button";
import { showToast } from "./Toast";

export interface CopyDetailsProps extends Omit<ButtonProps, "onPress"> {
  /** What is copied, where it isn't details. */
  label?: string;
  /** Asked for when the button is pressed. */
  details(): string;
}

/** Puts what somebody else has to know on the clipboard. */
export function CopyDetails({ details, label, ...button }: CopyDetailsProps) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  async function copy(text: string) {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      showToast({ text: t("ui.details.failed", { text }), stays: true });
    }
  }
  return (
    <Button {...button} onPress={() => void copy(details())}>
      {copied ? t("ui.details.copied") : (label ?? t("ui.details.copy"))}
    </Button>
  );
}
