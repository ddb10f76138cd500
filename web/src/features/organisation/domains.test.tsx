import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeAll, expect, it, vi } from "vitest";

import type { DomainShown } from "../../core/api/orgs-client";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { type Desk, DeskProvider, type Here, HereProvider } from "./desk";
import { DomainsTab } from "./DomainsTab";
import { ImportDialog } from "./ImportDialog";
import { InviteDialog } from "./InviteDialog";

const proven: DomainShown = {
  domain: "school.example",
  shown: "school.example",
  proven: true,
  proven_by: "dns",
  missing_since: null,
  kept_until: null,
  record: "_folkmoot.school.example",
  value: "folkmoot=abc",
  joined: 2,
  asked: 0,
  declined: 0,
};
const missing = { ...proven, missing_since: "2026-03-01T12:00:00Z", kept_until: "2026-03-31T12:00:00Z" };

function shown(domain: DomainShown, owns = true, mails = true) {
  const check = vi.fn(() => Promise.resolve({ kind: "ok", value: null }));
  const domains = () => Promise.resolve({ kind: "ok", value: [domain] });
  const outward = { hosts: () => new Promise(() => {}), sender: () => new Promise(() => {}) };
  const here = { org: { id: "o_1", mails }, owns };
  inside(<DomainsTab />, here, { api: { domains, check }, outward });
  return check;
}

function inside(part: ReactNode, here: object, desk: object) {
  render(
    <LanguageProvider>
      <DeskProvider value={desk as unknown as Desk}>
        <HereProvider value={here as unknown as Here}>{part}</HereProvider>
      </DeskProvider>
    </LanguageProvider>,
  );
}

beforeAll(async () => {
  await openCatalog("organisation");
  await activate("en");
});

it("says until when a domain holds that nothing proves any more, and how to keep it", async () => {
  const check = shown(missing);
  expect((await screen.findByRole("status")).textContent).toContain("It holds until Mar 31");
  expect(screen.getByText("_folkmoot.school.example")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Check now" }));
  await waitFor(() => expect(check).toHaveBeenCalledWith("o_1", "school.example"));
});

it("asks nothing of an owner whose record stands, nor of who is no owner", async () => {
  shown(proven);
  expect(await screen.findByRole("button", { name: "Give up school.example" })).toBeTruthy();
  expect(screen.queryByRole("status")).toBeNull();
  expect(screen.queryByRole("button", { name: "Check now" })).toBeNull();
});

it("tells an admin what an owner can do something about", async () => {
  shown(missing, false);
  expect(await screen.findByRole("status")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Check now" })).toBeNull();
});

it("offers a code by mail only where mail leaves", async () => {
  const unproven = { ...proven, proven: false, proven_by: null };
  shown(unproven);
  expect(await screen.findByRole("button", { name: "Send the code" })).toBeTruthy();
  cleanup();
  shown(unproven, true, false);
  expect(await screen.findByRole("button", { name: "Check now" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send the code" })).toBeNull();
  expect(screen.queryByText(/code mailed/)).toBeNull();
});

it.each([
  [true, /are invited by mail/, /This server sends no mail/],
  [false, /This server sends no mail/, /are invited by mail/],
])("says before a table is taken whether its people hear of it: %s", async (mails, said, never) => {
  const dialog = <ImportDialog onClose={() => {}} onChanged={() => {}} />;
  inside(dialog, { org: { id: "o_1", mails }, owns: true }, { api: { exported: () => "/x.csv" } });
  expect(await screen.findByText(said)).toBeTruthy();
  expect(screen.queryByText(never)).toBeNull();
});

it.each([true, false])("says before people are invited whether mail goes to them: %s", async (mails) => {
  const dialog = <InviteDialog groups={[]} group="" onClose={() => {}} onChanged={() => {}} />;
  inside(dialog, { org: { id: "o_1", mails }, owns: true }, { api: {} });
  expect(await screen.findByText("Mail addresses, one a line or a pasted list")).toBeTruthy();
  expect(screen.queryByText(/This server sends no mail/) === null).toBe(mails);
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "bo@school.example" } });
  expect(
    screen.getByRole("button", { name: mails ? "Send 1 invitation" : "Make 1 invitation" }),
  ).toBeTruthy();
});
