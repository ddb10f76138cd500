import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { Deletion } from "./Deletion";
import { type Desk, DeskProvider } from "./desk";
import { StepUp } from "./StepUp";

const ok = (value: unknown) => Promise.resolve({ kind: "ok", value });
const meeting = { id: "s_1", title: "Physics", starts_at: null, time_zone: "UTC", repeats: true };

function opened(meetings: readonly object[], orgs: readonly object[] = []) {
  const said: string[] = [];
  const calendar = {
    owned: () => ok({ meetings }),
    heirs: () => ok({ heir: null, name: "", orgs }),
    nameHeir: (heir: string | null) => {
      said.push(`heir ${heir}`);
      return ok({ heir, name: "" });
    },
  };
  const api = {
    way: () => ok({ sign_up: "open", mail: true, set_up: false }),
    remove: () => {
      said.push("removed");
      return ok(null);
    },
  };
  const colleagues = () => ok([{ account: "a_2", name: "Grace", address: "grace@school.example" }]);
  const desk = { api, calendar, orgs: { colleagues }, now: Date.now, is: vi.fn(), go: vi.fn() };
  render(
    <LanguageProvider>
      <DeskProvider value={desk as unknown as Desk}>
        <StepUp>
          <Deletion />
        </StepUp>
      </DeskProvider>
    </LanguageProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Delete my account…" }));
  return said;
}

const forGood = async () => fireEvent.click(await screen.findByRole("button", { name: "Delete for good" }));

async function choose(what: RegExp) {
  const dialog = within(await screen.findByRole("alertdialog"));
  fireEvent.click(dialog.getByRole("button", { name: /What becomes of/ }));
  fireEvent.click(await screen.findByRole("option", { name: what }));
}

beforeAll(async () => {
  await openCatalog("account");
  await activate("en");
});

describe("deleting an account", () => {
  it("asks nothing of who planned nothing", async () => {
    const said = opened([]);
    await forGood();
    await waitFor(() => expect(said).toEqual(["removed"]));
  });

  it("cancels, unless somebody is named", async () => {
    const said = opened([{ ...meeting, org: null }]);
    await forGood();
    await waitFor(() => expect(said).toEqual(["heir null", "removed"]));
  });

  it("leaves the meetings to the organisation before the account goes", async () => {
    const said = opened([{ ...meeting, org: null }], [{ id: "o_1", name: "Northfield" }]);
    await choose(/Leave to Northfield/);
    await forGood();
    await waitFor(() => expect(said).toEqual(["heir o_1", "removed"]));
  });

  it("waits until it is said which colleague", async () => {
    const said = opened([{ ...meeting, org: null }], [{ id: "o_1", name: "Northfield" }]);
    await choose(/Leave to a colleague/);
    const deletes = await screen.findByRole("button", { name: "Delete for good" });
    expect(deletes).toHaveProperty("disabled", true);
    const field = screen.getByRole("combobox", { name: "Colleague" });
    act(() => field.focus());
    fireEvent.change(field, { target: { value: "gra" } });
    fireEvent.click(await screen.findByRole("option", { name: /Grace/ }));
    await forGood();
    await waitFor(() => expect(said).toEqual(["heir a_2", "removed"]));
  });

  it("says what stays with the organisation whatever is chosen", async () => {
    opened([{ ...meeting, org: "o_1" }], [{ id: "o_1", name: "Northfield" }]);
    expect(await screen.findByText(/stays with it/)).toBeTruthy();
    expect(screen.queryByText(/What becomes of/)).toBeNull();
  });
});
