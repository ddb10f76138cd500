import { useState } from "react";

import { useT } from "../i18n/react";
import { Button, type ButtonProps } from "./Button";

export interface CopyDetailsProps extends Omit<ButtonProps, "onPress"> {
  /** Asked for when the button is pressed. */
  details(): string;
}

/** Puts what somebody else has to know on the clipboard. */
export function CopyDetails({ details, ...button }: CopyDetailsProps) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  return (
    <Button
      {...button}
      onPress={() => void navigator.clipboard.writeText(details()).then(() => setCopied(true))}
    >
      {t(copied ? "ui.details.copied" : "ui.details.copy")}
    </Button>
  );
}
