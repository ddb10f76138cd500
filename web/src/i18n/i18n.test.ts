import { afterEach, expect, it } from "vitest";

import { loadCatalog } from "./catalogs";
import { activate, i18n, openCatalog } from "./i18n";

afterEach(() => activate("en"));

it("gives an entry its words in the language in use", async () => {
  await activate("zh-CN");
  await openCatalog("room");
  expect(i18n._("chat.title")).toBe("聊天");
  expect(i18n._("home.start")).not.toBe("home.start");
});

it("gives everything that is open the new language", async () => {
  await openCatalog("room");
  await activate("zh-CN");
  expect(i18n._("chat.title")).toBe("聊天");
});

it("ends in the language that was asked for last", async () => {
  await Promise.all([activate("zh-CN"), activate("en")]);
  expect(i18n.locale).toBe("en");
});

it("gives an entry the language that was chosen while its words came", async () => {
  const opening = openCatalog("room");
  await activate("zh-CN");
  await opening;
  expect(i18n._("chat.title")).toBe("聊天");
});

it("keeps the words of an entry that came before the first language did", async () => {
  await loadCatalog("account", "en"); // fetched already, so that it is there first
  await Promise.all([openCatalog("account"), activate("en")]);
  expect(i18n._("account.signIn.title")).toBe("Sign in");
});
