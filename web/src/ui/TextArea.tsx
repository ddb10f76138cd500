import type { ReactNode } from "react";
import {
  FieldError,
  Label,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components";

import styles from "./TextField.module.css";

export interface TextAreaProps extends Omit<AriaTextFieldProps, "className" | "style" | "children"> {
  label: string;
  labelHidden?: boolean;
  placeholder?: string;
  hint?: ReactNode;
  error?: ReactNode;
  rows?: number;
}

/** Several lines of words. */
export function TextArea({
  label,
  labelHidden = false,
  placeholder,
  hint,
  error,
  rows = 3,
  ...rest
}: TextAreaProps) {
  return (
    <AriaTextField
      validationBehavior="aria" // by the browser's own, a form with a refusal in it could never be sent again
      {...rest}
      isInvalid={Boolean(error)}
      className={styles.field ?? ""}
    >
      <Label className={labelHidden ? "visually-hidden" : (styles.label ?? "")}>{label}</Label>
      <AriaTextArea
        className={`${styles.input} ${styles.area}`}
        rows={rows}
        placeholder={placeholder}
        dir="auto"
      />
      {hint !== undefined && !error && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}
