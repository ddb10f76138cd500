import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, it, vi } from "vitest";

import type { DomainShown } from "../../core/api/orgs-client";
import type { HostShown, SenderShown } from "../../core/api/outward-client";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { type Desk, DeskProvider, type Here, HereProvider } from "./desk";
import { OwnAddress } from "./OwnAddress";
import { OwnSender } from "./OwnSender";

const domain = { domain: "school.example", shown: "school.example", proven: true } as DomainShown;
const waiting: HostShown = {
  host: "meet.school.example",
  shown: "meet.school.example",
  state: "waiting",
  seen: "no_record",
  looked_at: "2026-03-01T12:00:00Z",
  certificate_until: null,
  why: null,
  leaves_at: null,
  records: [{ type: "CNAME", record: "meet.school.example", value: "meet.example" }],
};
const sender: SenderShown = {
  sender_name: "Northfield School",
  reply_to: null,
  from_address: "meetings@school.example",
  appears_as: "Northfield School via Folkmoot <folkmoot@meet.example>",
  good: false,
  seen: ["spf.several", "dmarc.missing"],
  looked_at: null,
  records: [{ type: "TXT", record: "school.example", value: "v=spf1 include:meet.example ~all" }],
};
const ok = (value: unknown) => Promise.resolve({ kind: "ok", value });
const refused = (code: string, params = {}) =>
  Promise.resolve({ kind: "refused", refusal: { code, params } });

function shown(outward: object, { owns = true, proven = [domain] } = {}) {
  const here = { org: { id: "o_1", name: "Northfield School" }, owns };
  const quiet = {
    hosts: () => ok([]),
    sender: () => ok({ sender: null, domains: ["school.example"], mail: true }),
  };
  render(
    <LanguageProvider>
      <DeskProvider value={{ outward: { ...quiet, ...outward } } as unknown as Desk}>
        <HereProvider value={here as unknown as Here}>
          <OwnAddress proven={proven} />
          <OwnSender proven={proven} />
        </HereProvider>
      </DeskProvider>
    </LanguageProvider>,
  );
}

beforeAll(async () => {
  await Promise.all([openCatalog("organisation"), openCatalog("refused")]);
  await activate("en");
});

it("says what the DNS must have, what is in the way, and looks when asked", async () => {
  const checkHost = vi.fn(() => ok({ ...waiting, state: "ready", seen: "ok" }));
  shown({ hosts: () => ok([waiting]), checkHost });
  expect(await screen.findByText("CNAME")).toBeTruthy();
  expect(screen.getByText("meet.example")).toBeTruthy();
  expect(screen.getByText(/The DNS knows no such name yet/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Check now" }));
  await waitFor(() => expect(checkHost).toHaveBeenCalledWith("o_1", "meet.school.example"));
});

it("says until when one that is no more is sent on, and why", async () => {
  const leaving = {
    ...waiting,
    state: "leaving",
    seen: "ok",
    why: "service",
    leaves_at: "2026-05-30T00:00:00Z",
  };
  shown({ hosts: () => ok([leaving]) });
  expect(
    await screen.findByText(/Your plan does not hold it any more.*Until May 30.*is sent on/),
  ).toBeTruthy();
  expect(screen.queryByText("CNAME")).toBeNull();
});

it("keeps what was typed beside the words of a refusal", async () => {
  const addHost = vi.fn(() => refused("host.not_proven", { host: "meet.other.example" }));
  shown({ addHost });
  const field = await screen.findByLabelText<HTMLInputElement>("Address");
  fireEvent.change(field, { target: { value: "meet.other.example" } });
  fireEvent.click(screen.getByRole("button", { name: "Add address" }));
  expect(
    await screen.findByText(/meet.other.example is not within a domain that you have proven/),
  ).toBeTruthy();
  expect(field.value).toBe("meet.other.example");
});

it("shows who mails are from, what the DNS lacks for an own address, and sends one", async () => {
  const trySender = vi.fn(() => ok({ address: "ada@school.example" }));
  shown({ sender: () => ok({ sender, domains: ["school.example"], mail: true }), trySender });
  expect(await screen.findByText(/Mails are from Northfield School via Folkmoot/)).toBeTruthy();
  expect(screen.getByText(/more than one SPF record/)).toBeTruthy();
  expect(screen.getByText("v=spf1 include:meet.example ~all")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Send me a test mail" }));
  expect(await screen.findByText("On its way to ada@school.example.")).toBeTruthy();
});

it("says beside the field what is wrong with it", async () => {
  const chooseSender = vi.fn(() =>
    refused("sender.not_proven", { domain: "bank.example", field: "address" }),
  );
  shown({ chooseSender });
  const address = await screen.findByLabelText<HTMLInputElement>("From address");
  fireEvent.change(address, { target: { value: "a@bank.example" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(address.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getByText(/bank.example is not a domain that you have proven/)).toBeTruthy();
  expect(chooseSender).toHaveBeenCalledWith("o_1", {
    sender_name: "Northfield School",
    from_address: "a@bank.example",
  });
  expect(address.value).toBe("a@bank.example");
});

it("offers nothing to who has proven nothing, or is no owner", async () => {
  shown({}, { proven: [] });
  expect(await screen.findByText(/Only who has proven a domain is named in mails/)).toBeTruthy();
  expect(screen.queryByRole("textbox")).toBeNull();
});
