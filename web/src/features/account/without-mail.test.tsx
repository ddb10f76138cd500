import { fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";
import { SignedIn } from "../../ui/account";

import { Deletion } from "./Deletion";
import { type Desk, DeskProvider } from "./desk";
import { NewPassword } from "./Help";
import { SignInTab } from "./SignInTab";
import { StepUp } from "./StepUp";

const ok = (value: unknown) => Promise.resolve({ kind: "ok", value });
const refused = (code: string) => Promise.resolve({ kind: "refused", refusal: { code, params: {} } });
const ada = { id: "a_1", name: "Ada", addresses: [{ address: "ada@school.example", proven: false }] };

function opened(part: ReactNode, mail: boolean) {
  const api = {
    way: () => ok({ sign_up: "open", mail, set_up: false }),
    ways: () => ok({ password: true, codes: false, passkeys: [] }),
    sessions: () => ok([]),
    identities: () => ok([]),
    providers: () => ok([]),
    finishReset: () => refused("proof.over"),
  };
  const meeting = {
    id: "s_1",
    title: "Physics",
    starts_at: null,
    time_zone: "UTC",
    repeats: true,
    org: null,
  };
  const calendar = {
    owned: () => ok({ meetings: [meeting] }),
    heirs: () => ok({ heir: null, name: "", orgs: [{ id: "o_1", name: "Northfield" }] }),
  };
  const desk = { api, calendar, now: Date.now, is: vi.fn(), go: vi.fn(), back: () => null };
  render(
    <LanguageProvider>
      <SignedIn value={ada as never}>
        <DeskProvider value={desk as unknown as Desk}>
          <StepUp>{part}</StepUp>
        </DeskProvider>
      </SignedIn>
    </LanguageProvider>,
  );
  return desk;
}

beforeAll(async () => {
  await openCatalog("account");
  await activate("en");
});

describe("where no mail leaves the server", () => {
  it("no link is offered for another address, and it is said why", async () => {
    opened(<SignInTab />, false);
    expect(await screen.findByText(/This server can't send mail, so no other address/)).toBeTruthy();
    expect(screen.queryByLabelText("Another address")).toBeNull();
    expect(screen.queryByText(/Mails about your account/)).toBeNull();
  });

  it("a link is offered where mail leaves", async () => {
    opened(<SignInTab />, true);
    expect(await screen.findByLabelText("Another address")).toBeTruthy();
    expect(screen.queryByText(/This server can't send mail/)).toBeNull();
  });

  it.each([
    [false, "This server can't send mail: tell the invited yourself.", "The invited are told by mail."],
    [true, "The invited are told by mail.", "This server can't send mail: tell the invited yourself."],
  ])("who deletes their account reads whether the invited hear of it: %s", async (mail, said, never) => {
    opened(<Deletion />, mail);
    fireEvent.click(screen.getByRole("button", { name: "Delete my account…" }));
    fireEvent.click(await screen.findByRole("button", { name: /What becomes of/ }));
    expect((await screen.findAllByText(said)).length).toBeGreaterThan(0);
    expect(screen.queryByText(never)).toBeNull();
  });

  it("a link to a new password that is over offers no other by mail", async () => {
    const desk = opened(<NewPassword token="t" mail={false} onDone={() => {}} />, false);
    fireEvent.change(screen.getByLabelText("New password"), { target: { value: "heron lamp river 42" } });
    fireEvent.click(screen.getByRole("button", { name: "Save password" }));
    expect(await screen.findByText("Ask the administrator for a link.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Send a new one" })).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Back to sign-in" }));
    expect(desk.go).toHaveBeenCalledWith("/signin");
  });
});
