import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import { Fault } from "./Fault";

let isBroken = true;
function Panel() {
  if (isBroken) throw new RangeError("Invalid time value");
  return <p>Messages</p>;
}

beforeAll(() => activate("en"));
beforeEach(() => {
  isBroken = true;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

it("a panel that throws says so, and everything around it goes on", () => {
  render(
    <LanguageProvider>
      <p>The call</p>
      <Fault leaves="words">
        <Panel />
      </Fault>
    </LanguageProvider>,
  );
  expect(screen.getByText("The call")).toBeTruthy();
  expect(screen.getByText("Something in this part broke.")).toBeTruthy();
  isBroken = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(screen.getByText("Messages")).toBeTruthy();
});

it("a mark that throws is a mark less", () => {
  const { container } = render(
    <Fault>
      <Panel />
    </Fault>,
  );
  expect(container.textContent).toBe("");
});

it("another part in its place has not failed", () => {
  const panel = (of: string) => (
    <LanguageProvider>
      <Fault leaves="words" of={of}>
        {of === "chat" ? <Panel /> : <p>People</p>}
      </Fault>
    </LanguageProvider>
  );
  const { rerender } = render(panel("chat"));
  rerender(panel("people"));
  expect(screen.getByText("People")).toBeTruthy();
});
