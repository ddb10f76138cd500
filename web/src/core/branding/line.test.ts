import { expect, it } from "vitest";

import { lineIn } from "./line";

it.each([
  ["en", "Hello", "你好", "Hello", "en"],
  ["zh-CN", "Hello", "你好", "你好", "zh-CN"],
  ["zh-CN", "Hello", "", "Hello", "en"],
  ["en", "", "你好", "你好", "zh-CN"],
])("in %s, of %j and %j", (locale, en, zh, words, lang) => {
  expect(lineIn(locale, { en, zh })).toEqual({ words, lang });
});

it("where nothing is said there is nothing", () => {
  expect(lineIn("en", { en: "", zh: "" })).toBeNull();
});
