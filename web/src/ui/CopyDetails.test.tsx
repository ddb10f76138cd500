import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import { CopyDetails } from "./CopyDetails";
import { ToastRegion } from "./Toast";

const writeText = vi.fn<(text: string) => Promise<void>>();

beforeAll(() => activate("en"));
beforeEach(() => {
  writeText.mockReset();
  vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
  render(
    <LanguageProvider>
      <CopyDetails details={() => "what happened"} />
      <ToastRegion />
    </LanguageProvider>,
  );
});

test("what is copied is read when the button is pressed, and the button says that it was", async () => {
  writeText.mockResolvedValue(undefined);
  fireEvent.click(screen.getByRole("button", { name: "Copy details" }));
  expect(await screen.findByRole("button", { name: "Copied" })).toBeTruthy();
  expect(writeText).toHaveBeenCalledExactlyOnceWith("what happened");
});

test("where the browser forbids it the words themselves are shown, to be copied by hand", async () => {
  writeText.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  fireEvent.click(screen.getByRole("button", { name: "Copy details" }));
  expect(await screen.findByText(/what happened/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Copied" })).toBeNull();
});
