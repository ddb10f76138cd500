import { render, screen, waitFor } from "@testing-library/react";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import type { BrandingShown } from "../core/api/branding-client";
import { worn } from "../core/branding/worn";
import { Store } from "../core/store";
import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import type { Visit } from "./visit";
import { Worn } from "./worn";

const asked = vi.hoisted(() => vi.fn<(...said: unknown[]) => Promise<unknown>>());
vi.mock("./ports", () => ({
  send: asked,
  admissionOf: (secret: string | undefined) => Promise.resolve(secret && `proof of ${secret}`),
}));

const shade = { accent: "#1d4ed8", hover: "#0d39c3", on: "#ffffff", soft: "#dfe6fa" };
const branding: BrandingShown = {
  name: "Glen",
  line: { en: "Soon.", zh: "" },
  shades: { light: shade, dark: { ...shade, accent: "red;--x:url(//evil)" } },
  logo: { url: `/api/branding/logos/${"0".repeat(32)}`, width: 480, height: 160 },
};
const NUMBER = "123456789012";

function drawn(secret: string | undefined, journey: object = { at: "prejoin" }) {
  const travel = new Store(journey);
  const visit = { travel } as unknown as Visit;
  const { unmount } = render(
    <LanguageProvider>
      <Worn visit={visit} number={NUMBER} secret={secret} />
      <Worn visit={visit} number={NUMBER} secret={secret} line />
    </LanguageProvider>,
  );
  return { travel, unmount };
}

const root = document.documentElement;

beforeAll(() => activate("en"));
beforeEach(() => {
  worn.set({ of: "", branding: null });
  asked.mockReset().mockResolvedValue({ kind: "ok", value: { branding } });
});

it("who has the link sees name, logo, colour and line, and leaving the page takes the colour off", async () => {
  const { unmount } = drawn("k");
  expect(await screen.findByText("Glen")).toBeTruthy();
  expect(asked.mock.calls.map(([, path, , body]) => [path, body])).toEqual([
    [`/api/meetings/${NUMBER}/branding`, { admission: "proof of k" }],
  ]);
  const logo = document.querySelector("img");
  expect([logo?.getAttribute("width"), logo?.getAttribute("height")]).toEqual(["480", "160"]);
  expect(screen.getByText("Soon.").lang).toBe("en");
  expect(root.style.getPropertyValue("--light-accent")).toBe("#1d4ed8");
  expect(root.style.getPropertyValue("--dark-accent"), "what is no colour is none").toBe("");
  unmount();
  expect(root.hasAttribute("data-branded")).toBe(false);
  expect(root.style.length).toBe(0);
});

it("who came by passcode is asked for by their ticket, once they have one", async () => {
  const { travel } = drawn(undefined);
  await waitFor(() => expect(asked).not.toHaveBeenCalled());
  travel.set({ at: "waiting", join: { channel_token: "a ticket" } });
  expect(await screen.findByText("Glen")).toBeTruthy();
  expect(asked.mock.calls[0]?.[4]).toBe("a ticket");
});

it.each([
  ["refused", { kind: "refused", refusal: { code: "meeting.closed_door", params: {} } }],
  ["gone", { kind: "unreachable" }],
  ["Folkmoot's own", { kind: "ok", value: { branding: null } }],
])("%s: nothing is shown and nothing is asked again", async (_, answer) => {
  asked.mockResolvedValue(answer);
  const { travel } = drawn("k");
  await waitFor(() => expect(worn.get().of).toBe(NUMBER));
  travel.set({ at: "joining" });
  expect(asked).toHaveBeenCalledOnce();
  expect(document.querySelector("img")).toBeNull();
});
