// What an organisation says of how it looks: a section that is refused keeps what was typed, and touches no other.
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, expect, it, vi } from "vitest";

import type { BrandingSaid } from "../../core/api/branding-client";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { Branding } from "./branding";
import { type BrandingDesk, BrandingDeskProvider } from "./desk";

const nothing: BrandingSaid = {
  name: "",
  line: { en: "", zh: "" },
  accent: "",
  accent_dark: "",
  shades: null,
  logo: null,
  held: true,
};
const shade = { accent: "#8b6d00", hover: "#7a6000", on: "#ffffff", soft: "#fff8e0" };
const shades = { light: shade, dark: shade };
const logo = { url: "/l.png", width: 480, height: 160 };
const ok = (value: unknown) => Promise.resolve({ kind: "ok", value });
const refused = (code: string, params = {}) =>
  Promise.resolve({ kind: "refused", refusal: { code, params } });

async function shown(api: object, { said = nothing, owns = true } = {}) {
  const go = vi.fn();
  const desk = { api: { look: () => ok(said), ...api }, org: "o_1", called: "Glen School", owns, go };
  render(
    <LanguageProvider>
      <BrandingDeskProvider value={desk as unknown as BrandingDesk}>
        <Branding />
      </BrandingDeskProvider>
    </LanguageProvider>,
  );
  const preview = await screen.findByRole("complementary");
  return { go, preview: within(preview) };
}

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const types = (label: string, value: string) => fireEvent.change(field(label), { target: { value } });
const saves = (n: number) => screen.getAllByRole("button", { name: "Save" })[n] as HTMLButtonElement;

beforeAll(async () => {
  await Promise.all([openCatalog("branding"), openCatalog("refused")]);
  await activate("en");
});

it("shows a name as others will see it while it is typed, and saves it alone", async () => {
  const change = vi.fn(() => ok({ ...nothing, name: "Glen" }));
  const { preview } = await shown({ change });
  expect(preview.getAllByText("Glen School")).toHaveLength(2);
  types("Name that is shown", "Glen ");
  expect(preview.getAllByText("Glen")).toHaveLength(2);
  types("In English", "Doors open at nine.");
  fireEvent.click(saves(0));
  await waitFor(() => expect(change).toHaveBeenCalledWith({ name: "Glen " }));
  await waitFor(() => expect(field("Name that is shown").value).toBe("Glen"));
  expect(field("In English").value).toBe("Doors open at nine.");
  expect(saves(0).disabled).toBe(true);
});

it("says beside a name why it isn't taken, and keeps it", async () => {
  await shown({ change: () => refused("name.invalid") });
  types("Name that is shown", "\u202enelG");
  fireEvent.click(saves(0));
  await waitFor(() => expect(field("Name that is shown").getAttribute("aria-invalid")).toBe("true"));
  expect(field("Name that is shown").value).toBe("\u202enelG");
});

it("says by how much a colour can't be read, and takes the nearest that can at a press", async () => {
  const lack = { against: "page", ratio: 1.39, least: 4.5 };
  const judge = vi.fn((colour: string) =>
    ok({ colour, lack: colour === "#ffcc00" ? lack : null, nearest: "#8b6d00", shades }),
  );
  const change = vi.fn(() => ok({ ...nothing, accent: "#8b6d00", shades }));
  await shown({ judge, change });
  types("On light pages", "#ffcc00");
  expect(await screen.findByText(/light page words in this colour have 1.39 to 1/)).toBeTruthy();
  expect(saves(1).disabled).toBe(true);
  fireEvent.click(screen.getByRole("button", { name: "Use #8b6d00" }));
  await waitFor(() => expect(saves(1).disabled).toBe(false));
  expect(screen.queryByText(/1.39/)).toBeNull();
  fireEvent.click(saves(1));
  await waitFor(() => expect(change).toHaveBeenCalledWith({ accent: "#8b6d00", accent_dark: "" }));
});

it("asks nothing of what is no colour yet", async () => {
  const judge = vi.fn();
  await shown({ judge });
  vi.useFakeTimers();
  types("On light pages", "#ffcc");
  await vi.advanceTimersByTimeAsync(1000);
  vi.useRealTimers();
  expect(judge).not.toHaveBeenCalled();
});

it("refuses a drawing that may hold programs, and the logo before stays", async () => {
  const { preview } = await shown(
    { bringLogo: () => refused("branding.vector") },
    { said: { ...nothing, logo } },
  );
  const svg = new File(["<svg/>"], "logo.svg", { type: "image/svg+xml" });
  fireEvent.change(screen.getByLabelText("Choose a logo"), { target: { files: [svg] } });
  expect((await screen.findByRole("alert")).textContent).toMatch(/SVG/);
  expect(document.querySelectorAll<HTMLImageElement>('img[src="/l.png"]').length).toBeGreaterThan(1);
  expect(preview.getAllByText("Glen School")).toHaveLength(2);
});

it("puts all of it back after it was asked once more", async () => {
  const putBack = vi.fn(() => ok(null));
  await shown({ putBack }, { said: { ...nothing, name: "Glen" } });
  fireEvent.click(screen.getByRole("button", { name: "Put back to Folkmoot’s own" }));
  expect(putBack).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Put it back" }));
  await waitFor(() => expect(putBack).toHaveBeenCalledTimes(1));
});

it.each([
  [true, 1],
  [false, 0],
])(
  "where the plan holds none, what was set is shown and can't be changed (owner: %s)",
  async (owns, ways) => {
    const { go } = await shown({}, { said: { ...nothing, name: "Glen", held: false }, owns });
    expect(screen.getByText("Your plan doesn’t hold branding.")).toBeTruthy();
    expect([field("Name that is shown").value, field("Name that is shown").disabled]).toEqual(["Glen", true]);
    const plans = screen.queryAllByRole("button", { name: /plan/i });
    expect(plans).toHaveLength(ways);
    if (!plans[0]) return;
    fireEvent.click(plans[0]);
    expect(go).toHaveBeenCalledWith("/org/plan");
  },
);
