import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import type { Invitation } from "../../core/invitation/parse";
import { timeOfDay } from "../../core/times";
import { activate } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { Home } from "./Home";

const onJoin = vi.fn<(invitation: Exclude<Invitation, { kind: "elsewhere" }>) => void>();

function open(secure = true, refused: { retryAt: number | undefined } | null = null) {
  render(
    <LanguageProvider>
      <Home
        origin="https://meet.example"
        secure={secure}
        starting={false}
        refused={refused}
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

it("a server that starts no meeting is not one that is down, and says when to try again", () => {
  const at = Date.parse("2026-11-27T09:05:00Z");
  open(true, { retryAt: at });
  expect(screen.getByText("No meeting was started.")).toBeTruthy();
  expect(screen.getByText(`Too many were started from here. Try again at ${timeOfDay(at)}.`)).toBeTruthy();
});

it("a refusal that says no time offers what helps without one", () => {
  open(true, { retryAt: undefined });
  expect(screen.getByText("Try again in a moment, or tell whoever runs this server.")).toBeTruthy();
});
