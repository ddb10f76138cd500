/** What the server's refusals are in words. */
import type { RefusalCode } from "../../core/api/refusals";
import type { Translate } from "../../i18n/react";

import type { Trouble } from "../../ui/asking";

const known: Partial<Record<RefusalCode, string>> = {
  "name.invalid": "organisation.refused.name",
  "address.invalid": "organisation.refused.address",
  "mail.none": "organisation.refused.noMail",
  "account.prove_again": "organisation.refused.prove",
  "signin.too_many_tries": "organisation.refused.tries",
  "signin.wrong": "organisation.refused.password",
  "org.unknown": "organisation.refused.unknown",
  "org.not_allowed": "organisation.refused.notAllowed",
  "org.outranked": "organisation.refused.outranked",
  "org.last_owner": "organisation.refused.lastOwner",
  "org.member_already": "organisation.refused.already",
  "org.link_over": "organisation.refused.linkOver",
  "org.group_taken": "organisation.refused.groupTaken",
  "org.group_in_itself": "organisation.refused.inItself",
  "org.groups_too_deep": "organisation.refused.tooDeep",
  "org.domain_invalid": "organisation.refused.domain",
  "org.domain_public": "organisation.refused.domainPublic",
  "org.domain_taken": "organisation.refused.domainTaken",
  "org.dns_silent": "organisation.refused.dnsSilent",
  "org.dns_without": "organisation.refused.dnsWithout",
  "org.code_wrong": "organisation.refused.code",
  "org.import_encoding": "organisation.refused.encoding",
  "org.import_broken": "organisation.refused.broken",
  "org.import_no_address": "organisation.refused.noColumn",
  "org.import_too_long": "organisation.refused.tooLong",
  "org.import_twice": "organisation.refused.twice",
  "org.import_role": "organisation.refused.role",
  "org.domain_unknown": "organisation.refused.notThere",
  "org.group_unknown": "organisation.refused.notThere",
  "org.member_unknown": "organisation.refused.notThere",
  "org.token_unknown": "organisation.refused.notThere",
  "org.not_asked": "organisation.refused.notThere",
  "org.rule_unknown": "organisation.refused.notThere",
  "org.rule_value": "organisation.refused.notThere",
  "org.inactive": "organisation.refused.inactive",
  "org.full": "organisation.refused.full",
  "org.too_many": "organisation.refused.tooManyOwned",
  "org.too_many_at_once": "organisation.refused.tooManyAtOnce",
  "org.too_many_domains": "organisation.refused.tooManyDomains",
  "org.too_many_groups": "organisation.refused.tooManyGroups",
  "org.too_many_tokens": "organisation.refused.tooManyTokens",
  "org.link_too_long": "organisation.refused.linkTooLong",
  "http.413": "organisation.refused.tooLarge",
};

export function wordsOf(t: Translate, trouble: Trouble): string {
  if (trouble === "gone") return t("organisation.refused.gone");
  return t(known[trouble.code as RefusalCode] ?? "organisation.refused.other", { ...trouble.params });
}

export function said(t: Translate, trouble: Trouble | null): string | undefined {
  return trouble ? wordsOf(t, trouble) : undefined;
}
