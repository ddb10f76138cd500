import { act, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, afterEach, expect, it, vi } from "vitest";

import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

import { showToast, toastRow, ToastRegion } from "./Toast";

beforeAll(() => activate("en"));
beforeEach(() => {
  vi.useFakeTimers();
  render(
    <LanguageProvider>
      <ToastRegion />
    </LanguageProvider>,
  );
});
afterEach(() => {
  act(() => vi.runAllTimers());
  vi.useRealTimers();
});

const show = (text: string, stays = false) => {
  let close = () => {};
  act(() => {
    close = showToast({ text, stays });
  });
  return () => act(close);
};

it("there is one at a time, and it goes by itself", () => {
  show("Link copied");
  show("You're back");
  expect(screen.queryByText("Link copied")).toBeNull();
  expect(screen.getByText("You're back")).toBeTruthy();
  act(() => vi.advanceTimersByTime(6000));
  expect(screen.queryByText("You're back")).toBeNull();
});

it("one that waits for an answer lets a newer one pass, comes back, and stays until it has one", () => {
  const close = show("Somebody waits", true);
  show("Link copied");
  expect(screen.getByText("Link copied")).toBeTruthy();
  expect(screen.queryByText("Somebody waits")).toBeNull();
  act(() => vi.advanceTimersByTime(6000));
  expect(screen.queryByText("Link copied")).toBeNull();
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.getByText("Somebody waits")).toBeTruthy();
  close();
  expect(screen.queryByText("Somebody waits")).toBeNull();
});

it("where the room has a row for toasts they are in it, and elsewhere again when it is gone", () => {
  const row = document.body.appendChild(document.createElement("div"));
  show("Locked");
  act(() => toastRow(row));
  expect(row.textContent).toContain("Locked");
  act(() => toastRow(null));
  expect(row.textContent).toBe("");
  expect(screen.getByText("Locked")).toBeTruthy();
  row.remove();
});
