import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { type Coming, type Desk, DeskProvider } from "./desk";
import { Questions } from "./Questions";

const question = { org: "o_1", name: "Northfield", domain: "school.example" };
const meetings: Coming[] = [
  { id: "s_1", title: "Physics", when: "Mon, Nov 23, 9:00 AM", repeats: true },
  { id: "s_2", title: "", when: "Tue, Nov 24, 9:00 AM", repeats: false },
];

function asked(coming: readonly Coming[]) {
  const answer = vi.fn<(...said: unknown[]) => Promise<unknown>>(() =>
    Promise.resolve({ kind: "ok", value: null }),
  );
  const desk = { api: { answer }, coming: () => Promise.resolve({ kind: "ok", value: coming }) };
  render(
    <LanguageProvider>
      <DeskProvider value={desk as unknown as Desk}>
        <Questions questions={[question]} onAnswered={() => {}} />
      </DeskProvider>
    </LanguageProvider>,
  );
  return answer;
}

beforeAll(async () => {
  await openCatalog("organisation");
  await activate("en");
});

describe("an organisation asks", () => {
  it("takes along what was chosen and nothing else", async () => {
    const answer = asked(meetings);
    fireEvent.click(await screen.findByRole("checkbox", { name: /Untitled Tue/ }));
    expect(screen.getByRole("checkbox", { name: "All 2" })).toHaveProperty("indeterminate", true);
    fireEvent.click(screen.getByRole("button", { name: "Join" }));
    await waitFor(() => expect(answer).toHaveBeenCalledWith("o_1", true, ["s_2"]));
  });

  it("takes all of them by one press", async () => {
    const answer = asked(meetings);
    fireEvent.click(await screen.findByRole("checkbox", { name: "All 2" }));
    fireEvent.click(screen.getByRole("button", { name: "Join" }));
    await waitFor(() => expect(answer).toHaveBeenCalledWith("o_1", true, ["s_1", "s_2"]));
  });

  it("takes nothing from who declines, whatever was chosen before", async () => {
    const answer = asked(meetings);
    fireEvent.click(await screen.findByRole("checkbox", { name: /Physics/ }));
    fireEvent.click(screen.getByRole("button", { name: "No, thanks" }));
    await waitFor(() => expect(answer).toHaveBeenCalledWith("o_1", false, []));
  });

  it("asks nothing of who has no meetings", async () => {
    const answer = asked([]);
    fireEvent.click(screen.getByRole("button", { name: "Join" }));
    await waitFor(() => expect(answer).toHaveBeenCalledWith("o_1", true, []));
    expect(screen.queryByRole("checkbox")).toBeNull();
  });
});
