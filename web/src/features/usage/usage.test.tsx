import { render, screen, within } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";

import type { OwnUsage, ServerUsage } from "../../core/api/usage-client";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { monthsOf } from "./months";
import { Usage } from "./usage";

const none = { minutes: null, meetings: null, peak: null };
const march: OwnUsage = {
  month: "2026-03",
  since: "2026-01",
  until: "2026-04",
  fewest: 5,
  minutes: 12_990,
  meetings: 6,
  peak: 9,
  at_once: 4,
  longest: null,
  days: [
    { day: "2026-03-02", ...none },
    { day: "2026-03-04", minutes: 12_000, meetings: 3, peak: 9 },
    { day: "2026-03-05", minutes: 600, meetings: 2, peak: 6 },
  ],
};

function shown(value: OwnUsage | ServerUsage) {
  const source = {
    of: () => Promise.resolve({ kind: "ok" as const, value }),
    table: (month: string) => `/table?month=${month}`,
  };
  render(
    <LanguageProvider>
      <Usage source={source} />
    </LanguageProvider>,
  );
}

beforeAll(async () => {
  await openCatalog("usage");
  await activate("en");
});

describe("what an organisation met", () => {
  it("is told by the day, and of a day of few people nothing but that there was one", async () => {
    shown(march);
    const table = await screen.findByRole("table", { name: "By day" });
    const [, few, full] = within(table).getAllByRole("row");
    expect(few?.textContent).toBe("Mon, Mar 2In the month’s total only");
    expect(full?.textContent).toBe("Wed, Mar 412,00039");
    expect(screen.getByText("12,990")).toBeTruthy();
    const told = (name: string) => screen.getByText(name, { selector: "dt" }).nextSibling?.textContent;
    expect([told("Meetings at once"), told("Longest meeting, in minutes")]).toEqual([
      "4",
      "not counted then",
    ]);
    expect(screen.getByText(/when 5 people were in one meeting/)).toBeTruthy();
    expect(screen.getByRole("link", { name: "Download as CSV" }).getAttribute("href")).toBe(
      "/table?month=2026-03",
    );
  });

  it("is nothing in a month without meetings, and says so", async () => {
    shown({ ...march, days: [], minutes: 0, meetings: 0, peak: 0 });
    expect(await screen.findByText("Nobody met in this month.")).toBeTruthy();
    expect(screen.queryByRole("table")).toBeNull();
  });
});

it("of a server has a line for each organisation, and one for those in none", async () => {
  const sums = { minutes: 600, meetings: 2, peak: 6 };
  shown({
    ...march,
    organisations: [
      { id: "o_1", name: "Northfield School", ...sums },
      { id: "o_2", name: "", ...sums },
      { id: "", name: "", ...sums },
    ],
  });
  const table = await screen.findByRole("table", { name: "By organisation" });
  const names = within(table).getAllByRole("rowheader");
  expect(names.map(({ textContent }) => textContent)).toEqual([
    "Northfield School",
    "An organisation that is gone",
    "In no organisation",
  ]);
});

it("months go back over a year's end, the newest first, and are bounded", () => {
  expect(monthsOf("2025-11", "2026-02")).toEqual(["2026-02", "2026-01", "2025-12", "2025-11"]);
  expect(monthsOf("2026-02", "2026-02")).toEqual(["2026-02"]);
  expect(monthsOf("1970-01", "2026-02")).toHaveLength(120);
});
