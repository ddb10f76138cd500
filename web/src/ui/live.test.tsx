import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { announce, LiveRegions } from "./live";

const region = (how: string) => document.querySelector(`[aria-live=${how}]`)?.textContent;

beforeEach(() => {
  vi.useFakeTimers();
  render(<LiveRegions />);
});
afterEach(() => vi.useRealTimers());

it("what matters now is said now, and again if it happens again", () => {
  act(() => announce("Microphone off", "assertive"));
  expect(region("assertive")).toBe("Microphone off");
  act(() => announce("Microphone off", "assertive"));
  expect(region("assertive")).not.toBe("Microphone off");
});

it("the rest is gathered for two seconds and said at once", () => {
  act(() => {
    announce("Li Na joined.");
    announce("Ada joined.");
  });
  expect(region("polite")).toBe("");
  act(() => vi.advanceTimersByTime(2000));
  expect(region("polite")).toBe("Li Na joined. Ada joined.");
});
