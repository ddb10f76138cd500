// Every code with which the server refuses has words in both languages, or a reason why no page reads it from here.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, describe, expect, it } from "vitest";

import { activate, i18n, openCatalog } from "../i18n/i18n";
import type { Locale } from "../i18n/languages";
import { refusalWords } from "./refusal";

const own = { other: "ui.failed" };
const generated = readFileSync(join(import.meta.dirname, "..", "core", "api", "refusals.ts"), "utf8");
const codes = [...generated.matchAll(/^ {2}"([\w.]+)":/gm)].map(([, code = ""]) => code);

/** No page gets these: a program does, or LiveKit's clients, which have words of their own. */
const BY_PROGRAMS = [
  /^(dispatch|participant|room|track)\./,
  /^key\.(not_here|not_of_an_account|scope|wrong)$/,
];
/** An owner gets these in the words of `features/billing`; the rest go to the operator's programs. */
const OF_MONEY = [/^billing\./];
/** Said at a meeting's door, as states of it (`core/journey`), and by the room, as sentences of the feature. */
const BY_THE_MEETING = [/^(attendance|chat|polls|channel)\./, /^(admission|device)\.invalid$/];
/** What a meeting's door and room say, of those that begin like what its pages say. */
const OF_THE_PAGES =
  /^meeting\.(at_once|cancelled|ended|not_host|not_owner|too_many_made|too_many_running|unknown_preset)$/;

function elsewhere(code: string): boolean {
  if (code.startsWith("meeting.")) return !OF_THE_PAGES.test(code);
  return [...BY_PROGRAMS, ...OF_MONEY, ...BY_THE_MEETING].some((some) => some.test(code));
}

afterEach(() => activate("en"));

describe.each(["en", "zh-CN"] satisfies Locale[])("in %s", (locale) => {
  it("every code that reaches a page has words, and what it carries is in them", async () => {
    await activate(locale);
    await openCatalog("refused");
    const words = (code: string, params = {}) =>
      refusalWords((id, values) => i18n._(id, values), { code, params }, own);
    const other = i18n._(own.other);
    const silent = codes.filter((code) => words(code) === other);
    expect(silent).toEqual(codes.filter(elsewhere));
    expect(words("password.too_short", { least: 10 })).toContain("10");
    expect(words("signin.too_many_tries", { retry_after_s: 60 })).toMatch(/\d:\d\d/);
    expect(words("of.a_newer_server")).toBe(other);
  });
});

it("what a feature means more narrowly is said its way", () => {
  const say = (id: string) => id;
  expect(refusalWords(say, { code: "mail.none", params: {} }, { ...own, "mail.none": "ui.close" })).toBe(
    "ui.close",
  );
});
