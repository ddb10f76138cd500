import { expect, it } from "vitest";

import { activate, i18n, openCatalog } from "../../i18n/i18n";

import { wordFor } from "./declined";

it.each(["en", "zh-CN"] as const)("every reason has a sentence of its own in %s", async (locale) => {
  await activate(locale);
  await openCatalog("billing");
  const reasons = [
    "insufficient_funds",
    "expired_card",
    "authentication_required",
    "resource_missing",
    "do_not_honor",
  ];
  const said = reasons.map((why) => i18n._(`billing.declined.${wordFor(why)}`));
  expect(new Set(said).size).toBe(reasons.length);
  expect(said.filter((sentence) => sentence.startsWith("billing."))).toEqual([]);
  await activate("en");
});
