/** What the server's refusals are in words, and beside which field they stand. */
import type { RefusalCode } from "../../core/api/refusals";
import { timeOfDay } from "../../core/times";
import type { Translate } from "../../i18n/react";

import type { Trouble } from "./deed";

export type Field = "name" | "address" | "password" | "code" | "url" | "form";

const known: Partial<Record<RefusalCode | "passkey.none", readonly [Field, string]>> = {
  "signin.wrong": ["password", "account.refused.wrong"],
  "signin.too_many_tries": ["password", "account.refused.tries"],
  "signin.busy": ["form", "account.refused.busy"],
  "signin.code_wrong": ["code", "account.refused.code"],
  "provider.unanswered": ["form", "account.refused.provider"],
  "provider.refused": ["form", "account.refused.providerWrong"],
  "provider.over": ["form", "account.refused.providerOver"],
  "provider.address_in_use": ["form", "account.refused.providerInUse"],
  "account.prove_again": ["form", "account.refused.unproven"],
  "account.suspended": ["form", "account.refused.suspended"],
  "signup.closed": ["address", "account.refused.closed"],
  "signup.address_in_use": ["address", "account.refused.inUse"],
  "address.invalid": ["address", "account.refused.address"],
  "address.too_many": ["address", "account.refused.addresses"],
  "address.last": ["form", "account.refused.last"],
  "name.invalid": ["name", "account.refused.name"],
  "password.too_short": ["password", "account.refused.short"],
  "password.too_long": ["password", "account.refused.long"],
  "password.guessable": ["password", "account.refused.guessable"],
  "password.leaked": ["password", "account.refused.leaked"],
  "proof.over": ["form", "account.refused.expired"],
  "proof.sign_in_first": ["form", "account.refused.signInFirst"],
  "mail.none": ["form", "account.refused.noMail"],
  "passkey.refused": ["form", "account.refused.passkey"],
  "passkey.none": ["form", "account.passkey.none"],
  "signin.last_way": ["form", "account.refused.lastWay"],
  "provider.anothers": ["form", "account.refused.providerAnothers"],
  "provider.connected_already": ["form", "account.refused.providerConnected"],
  "passkey.too_many": ["form", "account.refused.passkeys"],
  "setup.wrong_token": ["form", "account.refused.setup"],
  "key.too_many": ["form", "account.refused.keys"],
  "key.unknown_scope": ["form", "account.refused.scope"],
  "hook.address": ["url", "account.refused.hookAddress"],
  "hook.unknown_event": ["form", "account.refused.hookEvents"],
  "hook.too_many": ["form", "account.refused.hooks"],
  "setup.over": ["form", "account.refused.setupOver"],
  "picture.unreadable": ["form", "account.refused.picture"],
  "picture.too_large": ["form", "account.refused.pictureSize"],
  "files.too_large": ["form", "account.refused.pictureSize"],
  "files.no_room": ["form", "account.refused.noRoom"],
  "request.too_many": ["form", "account.refused.tries"],
};

export function fieldOf(trouble: Trouble): Field {
  return trouble === "failed" ? "form" : (known[trouble.code as RefusalCode]?.[0] ?? "form");
}

export function wordsOf(t: Translate, trouble: Trouble, now: number): string {
  if (trouble === "failed") return t("account.refused.failed");
  const wait = trouble.params["retry_after_s"];
  const time = typeof wait === "number" ? timeOfDay(now + 1000 * wait) : "";
  const id = known[trouble.code as RefusalCode]?.[1] ?? "account.refused.other";
  return t(id, { ...trouble.params, time });
}

/** The words, if they belong beside that field. */
export function beside(t: Translate, trouble: Trouble | null, field: Field, now: number): string | undefined {
  return trouble && fieldOf(trouble) === field ? wordsOf(t, trouble, now) : undefined;
}
