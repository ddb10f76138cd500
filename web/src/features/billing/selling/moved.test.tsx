// Money that came and went: the newest few first, then all that is there, then older of it a page at a time.
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, it, vi } from "vitest";

import type { CustomerPage, MovedShown } from "../../../core/api/selling-client";
import { activate, openCatalog } from "../../../i18n/i18n";
import { LanguageProvider } from "../../../i18n/react";

import { type SellingDesk, SellingDeskProvider } from "./desk";
import { Moved } from "./Moved";

const came = (n: number) =>
  ({
    day: "2026-03-01",
    kind: "payment",
    amount: 100 + n,
    currency: "EUR",
    through: "bank",
    number: "",
  }) as MovedShown;

function shown(moved: object, page: Partial<CustomerPage>) {
  const desk = { api: { moved } } as unknown as SellingDesk;
  render(
    <LanguageProvider>
      <SellingDeskProvider value={desk}>
        <Moved page={{ org: "o_1", ...page } as CustomerPage} />
      </SellingDeskProvider>
    </LanguageProvider>,
  );
}

const rows = () => screen.queryAllByRole("listitem").length;
const more = () => screen.queryByRole("button", { name: "More" });

beforeAll(async () => {
  await Promise.all([openCatalog("billing"), openCatalog("refused")]);
  await activate("en");
});

it("is listed to its beginning", async () => {
  const asks = vi.fn(() => Promise.resolve({ kind: "ok", value: { moved: [came(8)], next: null } }));
  shown(asks, { moved: Array.from({ length: 8 }, (_, n) => came(n)), moved_next: "payment bank:1" });
  expect(rows()).toBe(6);
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  expect([rows(), asks.mock.calls.length]).toEqual([8, 0]);
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  await waitFor(() => expect(rows()).toBe(9));
  expect(asks).toHaveBeenCalledWith("o_1", "payment bank:1");
  expect(more()).toBeNull();
});

it("says what went wrong, and can be asked again", async () => {
  const asks = vi.fn(() => Promise.resolve({ kind: "unreachable" }));
  shown(asks, { moved: [came(1)], moved_next: "payment bank:1" });
  fireEvent.click(screen.getByRole("button", { name: "More" }));
  await waitFor(() => expect(asks).toHaveBeenCalled());
  await waitFor(() => expect(document.querySelector("section > p")?.textContent).toBeTruthy());
  expect(more()).not.toBeNull();
});

it("isn't there where nothing came", () => {
  shown(vi.fn(), { moved: [], moved_next: null });
  expect(screen.queryByRole("region")).toBeNull();
});
