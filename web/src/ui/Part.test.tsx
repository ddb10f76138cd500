import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";

import { Chunk } from "../core/chunk";
import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import { Part } from "./Part";

const atOnce = async (): Promise<void> => undefined;
const Greeting = ({ name }: { name: string }) => <p>Hello {name}</p>;

beforeAll(() => activate("en"));

it("a part that can't be fetched says so, and comes when it is asked for again", async () => {
  let isLineBroken = true;
  const chunk = new Chunk(async () => {
    if (isLineBroken) throw new TypeError("Failed to fetch");
    return Greeting;
  }, atOnce);
  render(
    <LanguageProvider>
      <Part of={chunk} props={{ name: "Ada" }} />
    </LanguageProvider>,
  );
  expect(await screen.findByText("This part didn't load.")).toBeTruthy();
  isLineBroken = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Hello Ada")).toBeTruthy();
});
