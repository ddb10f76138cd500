import { render, screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";

import type { AuditEntry } from "../../core/api/orgs-client";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { AuditTab } from "./AuditTab";
import { type Desk, DeskProvider, type Here, HereProvider } from "./desk";

const entry = (seq: number, what: string, subject: string): AuditEntry => ({
  seq,
  at: "2026-11-23T09:00:00Z",
  actor: "陈雅文",
  what,
  subject,
  detail: {},
});

beforeAll(async () => {
  await openCatalog("organisation");
  await activate("zh-CN");
});

it("in Chinese a colon has something after it, and no space", async () => {
  const entries = [
    entry(3, "billing.start", ""),
    entry(2, "domain.asked", "school.example"),
    entry(1, "group.made", "九年级"),
  ];
  const audit = () => Promise.resolve({ kind: "ok", value: { entries, next: null } });
  render(
    <LanguageProvider>
      <DeskProvider value={{ api: { audit } } as unknown as Desk}>
        <HereProvider value={{ org: { id: "o_1" } } as unknown as Here}>
          <AuditTab />
        </HereProvider>
      </DeskProvider>
    </LanguageProvider>,
  );
  const rows = await screen.findAllByRole("row");
  const deeds = rows.slice(1).map((row) => row.lastElementChild?.textContent);
  expect(deeds).toEqual(["开始订阅", "已询问使用者：school.example", "添加了部门 九年级"]);
});
