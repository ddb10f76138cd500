/** Beside which field a refusal of the server stands. */
import type { RefusalCode } from "../../core/api/refusals";
import type { Translate } from "../../i18n/react";
import { refusalWords } from "../../ui/refusal";

import type { Trouble } from "./deed";

export type Field = "name" | "address" | "password" | "code" | "url" | "form";

const fields: Partial<Record<RefusalCode, Field>> = {
  "signin.wrong": "password",
  "signin.too_many_tries": "password",
  "signin.code_wrong": "code",
  "signup.closed": "address",
  "signup.address_in_use": "address",
  "address.invalid": "address",
  "address.too_many": "address",
  "name.invalid": "name",
  "password.too_short": "password",
  "password.too_long": "password",
  "password.guessable": "password",
  "password.leaked": "password",
  "hook.address": "url",
};

const own = { "passkey.none": "account.passkey.none", other: "account.refused.other" };

export function fieldOf(trouble: Trouble): Field {
  return trouble === "failed" ? "form" : (fields[trouble.code as RefusalCode] ?? "form");
}

export function wordsOf(t: Translate, trouble: Trouble, now: number): string {
  if (trouble === "failed") return t("account.refused.failed");
  return refusalWords(t, trouble, own, now);
}

/** The words, if they belong beside that field. */
export function beside(t: Translate, trouble: Trouble | null, field: Field, now: number): string | undefined {
  return trouble && fieldOf(trouble) === field ? wordsOf(t, trouble, now) : undefined;
}
