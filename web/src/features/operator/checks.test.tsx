import { render, screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { Checks } from "./Checks";
import { type Desk, DeskProvider } from "./desk";

const none = { good: true, code: "mail.none", params: {}, what: "no mail server is set", advice: null };
const there = { ...none, code: "mail.there", params: { address: "127.0.0.1:25" }, what: "somebody is there" };

function opened(check: object) {
  const api = { checks: () => Promise.resolve({ kind: "ok", value: [check] }) };
  render(
    <LanguageProvider>
      <DeskProvider value={{ api } as unknown as Desk}>
        <Checks />
      </DeskProvider>
    </LanguageProvider>,
  );
}

beforeAll(async () => {
  await openCatalog("operator");
  await activate("en");
});

it("offers a mail to try where one can leave", async () => {
  opened(there);
  expect(await screen.findByRole("button", { name: "Send me a mail" })).toBeTruthy();
});

it("offers none where no mail server is set: the checks say so", async () => {
  opened(none);
  expect(await screen.findByText("No mail server is set: links are shown to copy")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send me a mail" })).toBeNull();
});
