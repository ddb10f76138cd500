import type { ReactNode } from "react";
import {
  FieldError,
  Input,
  Label,
  Text,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components";

import styles from "./TextField.module.css";

export interface TextFieldProps extends Omit<AriaTextFieldProps, "className" | "style" | "children"> {
  label: string;
  /** On the home page the placeholder says it already; the label is then only read aloud. */
  labelHidden?: boolean;
  placeholder?: string;
  hint?: ReactNode;
  error?: ReactNode;
  size?: 40 | 48;
}

export function TextField({
  label,
  labelHidden = false,
  placeholder,
  hint,
  error,
  size = 48,
  ...rest
}: TextFieldProps) {
  return (
    <AriaTextField
      validationBehavior="aria" // by the browser's own, a form with a refusal in it could never be sent again
      {...rest}
      isInvalid={Boolean(error)}
      className={styles.field ?? ""}
    >
      <Label className={labelHidden ? "visually-hidden" : (styles.label ?? "")}>{label}</Label>
      <Input className={styles.input ?? ""} data-size={size} placeholder={placeholder} dir="auto" />
      {hint !== undefined && !error && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}
