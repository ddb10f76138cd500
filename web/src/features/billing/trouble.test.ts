// What an owner can be refused has words in both languages, with what it carries in them.
import { afterEach, expect, it } from "vitest";

import { activate, i18n, openCatalog } from "../../i18n/i18n";

import { wordsOf } from "./trouble";

const say = (id: string, values?: Record<string, unknown>) => i18n._(id, values);
const codes = [
  "changed_meanwhile", "contract", "country", "customer", "document_unknown", "no_customer", "no_price", "no_subscription", "no_trial",
  "nothing_to_come", "owes", "past_due", "plan_unknown", "quote_over", "quote_unknown", "seats", "subscribed",
]; // prettier-ignore

afterEach(() => activate("en"));

it.each(["en", "zh-CN"] as const)("in %s", async (locale) => {
  await activate(locale);
  await openCatalog("billing");
  const words = (code: string, params = {}) => wordsOf(say, { code: `billing.${code}`, params });
  const other = i18n._("billing.refused.other");
  expect(codes.filter((code) => [other, undefined].includes(words(code)))).toEqual([]);
  expect(words("seats", { least: 5, most: 100 })).toMatch(/5.*100/);
  expect(words("contract", { until: "2027-03-01" })).toContain("2027-03-01");
  expect(words("of_a_newer_server")).toBe(other);
});
