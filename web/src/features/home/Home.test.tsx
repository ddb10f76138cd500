import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import type { Invitation } from "../../core/invitation/parse";
import { activate } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { Home } from "./Home";

const onJoin = vi.fn<(invitation: Exclude<Invitation, { kind: "elsewhere" }>) => void>();

function open(secure = true) {
  render(
    <LanguageProvider>
      <Home
        origin="https://meet.example"
        secure={secure}
        starting={false}
        refused={null}
        onStart={() => {}}
        onJoin={onJoin}
      />
    </LanguageProvider>,
  );
  return screen.getByLabelText("Link or meeting number");
}

function enter(field: HTMLElement, text: string) {
  fireEvent.change(field, { target: { value: text } });
  const form = field.closest("form");
  if (form) fireEvent.submit(form);
}

beforeAll(() => activate("en"));
beforeEach(() => onJoin.mockClear());

it("a link goes straight on", () => {
  enter(open(), "https://meet.example/m/123456789012#k=abc");
  expect(onJoin).toHaveBeenCalledWith({ kind: "link", number: "123456789012", secret: "abc" });
});

it("a number asks for its passcode first", () => {
  enter(open(), "会议号：123 456 789 012");
  expect(onJoin).not.toHaveBeenCalled();
  expect(screen.getByText("Enter the passcode that came with the number.")).toBeTruthy();
  enter(screen.getByLabelText("Passcode"), "１２３４５６７８");
  expect(onJoin).toHaveBeenCalledWith({ kind: "number", number: "123456789012", passcode: "12345678" });
});

it("anything else is refused in words, and the words go when one types on", () => {
  const field = open();
  enter(field, "hello");
  expect(screen.getByText(/isn't a meeting link or number/)).toBeTruthy();
  fireEvent.change(field, { target: { value: "hello " } });
  expect(screen.queryByText(/isn't a meeting link or number/)).toBeNull();
});

it("a link to another server is offered, not followed", () => {
  enter(open(), "https://other.example/m/123456789012#k=abc");
  expect(onJoin).not.toHaveBeenCalled();
  expect(screen.getByText("Go there").getAttribute("href")).toBe(
    "https://other.example/m/123456789012#k=abc",
  );
});

it("an address that is not secure says so and starts nothing", () => {
  open(false);
  expect(screen.getByText(/isn't secure/)).toBeTruthy();
  expect(screen.getByText("Start a meeting").closest("button")?.disabled).toBe(true);
});
