import { type ReactNode, useState } from "react";
import { Button as AriaButton, FieldError, Input, Label, Text, TextField } from "react-aria-components";

import { useT } from "../../i18n/react";

import styles from "./PasswordField.module.css";

export interface PasswordFieldProps {
  label: string;
  /** Right of the label: a link. */
  beside?: ReactNode;
  value: string;
  onChange(value: string): void;
  /** What a keeper of passwords offers: the one there is, or one it makes. */
  autoComplete: "current-password" | "new-password";
  hint?: string | undefined;
  error?: string | undefined;
  autoFocus?: boolean;
}

/** A secret that its owner may look at. */
export function PasswordField({ label, beside, hint, error, ...rest }: PasswordFieldProps) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...rest}
      type={shown ? "text" : "password"}
      validationBehavior="aria"
      isInvalid={Boolean(error)}
      className={styles.field ?? ""}
    >
      <div className={styles.heads}>
        <Label className={styles.label ?? ""}>{label}</Label>
        {beside}
      </div>
      <div className={styles.secret}>
        <Input className={styles.input ?? ""} data-size={48} spellCheck={false} autoCapitalize="off" />
        <AriaButton
          className={styles.show ?? ""}
          aria-label={t(shown ? "account.password.hide.label" : "account.password.show.label")}
          onPress={() => setShown(!shown)}
        >
          {t(shown ? "account.password.hide" : "account.password.show")}
        </AriaButton>
      </div>
      {hint !== undefined && !error && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </TextField>
  );
}
