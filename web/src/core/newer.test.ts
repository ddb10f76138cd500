import { beforeEach, expect, it, vi } from "vitest";

import { createNewer } from "./newer";

const MINUTES = 60_000;
const fetchPage = vi.fn<() => Promise<string>>();
const reload = vi.fn<() => void>();
let [now, isIdle] = [0, true];

function open() {
  const scripts = ["/assets/shell-old.js"];
  return createNewer({ now: () => now, fetchPage, scripts, isIdle: () => isIdle, reload });
}

beforeEach(() => {
  [now, isIdle] = [0, true];
  fetchPage.mockReset().mockResolvedValue("<script src=/assets/shell-old.js>");
  reload.mockReset();
});

it("a page of today stays, and the server is asked at most once in ten minutes", async () => {
  const look = open();
  await look();
  expect(fetchPage).not.toHaveBeenCalled();
  now = 10 * MINUTES;
  await look();
  now = 19 * MINUTES;
  await look();
  expect(fetchPage).toHaveBeenCalledOnce();
  expect(reload).not.toHaveBeenCalled();
});

it("a page of yesterday is fetched anew, once nothing is lost by it", async () => {
  fetchPage.mockResolvedValue("<script src=/assets/shell-new.js>");
  const look = open();
  [now, isIdle] = [10 * MINUTES, false];
  await look();
  expect(reload).not.toHaveBeenCalled();
  isIdle = true;
  await look();
  expect(reload).toHaveBeenCalledOnce();
  expect(fetchPage).toHaveBeenCalledOnce();
});

it("a server that doesn't answer is no reason to lose a page", async () => {
  fetchPage.mockRejectedValue(new Error("gone"));
  const look = open();
  now = 10 * MINUTES;
  await look();
  expect(reload).not.toHaveBeenCalled();
});
