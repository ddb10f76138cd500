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

it("of a flood the last is read", () => {
  act(() => Array.from({ length: 2000 }, (_, at) => at).forEach((at) => announce(`Bo: ${at}.`)));
  act(() => vi.advanceTimersByTime(2000));
  expect(region("polite")?.split("Bo: ")).toHaveLength(1 + 12);
  expect(region("polite")).toMatch(/Bo: 1999\.$/);
});

it("what was said goes again, and not too early where something else was said meanwhile", () => {
  act(() => announce("Bo: Tea at four?"));
  act(() => vi.advanceTimersByTime(2000 + 5000));
  expect(region("polite")).toBe("Bo: Tea at four?");
  act(() => announce("Ada: At five"));
  act(() => vi.advanceTimersByTime(2000 + 6000));
  expect(region("polite")).toBe("Ada: At five");
  act(() => vi.advanceTimersByTime(1000));
  expect(region("polite")).toBe("");
});
