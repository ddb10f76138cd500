import { expect, it } from "vitest";

import { createKeyring } from "./keyring";

function shelf(isFull = false) {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (isFull) throw new DOMException("full", "QuotaExceededError");
      kept.set(key, value);
    },
    removeItem: (key: string) => void kept.delete(key),
  };
}

function counter(): () => string {
  let count = 0;
  return () => `device-${(count += 1)}`;
}

it("a browser has one id in a meeting, and another in another", () => {
  const device = shelf();
  const keyring = createKeyring(device, shelf(), counter());
  expect(keyring.device("1")).toBe("device-1");
  expect(keyring.device("2")).toBe("device-2");
  expect(createKeyring(device, shelf(), counter()).device("1")).toBe("device-1");
});

it("a browser that keeps nothing has one while the page is open", () => {
  const keyring = createKeyring(shelf(true), shelf(true), counter());
  expect(keyring.device("1")).toBe(keyring.device("1"));
});

it("keeps what the maker chose until it is told, and for nobody else", () => {
  const keyring = createKeyring(shelf(), shelf(), counter());
  expect(keyring.wish("1")).toBeUndefined();
  keyring.keepWish("1", { waitingRoom: false });
  expect(keyring.wish("1")).toEqual({ waitingRoom: false });
  expect(keyring.wish("2")).toBeUndefined();
  keyring.keepWish("1", null);
  expect(keyring.wish("1")).toBeUndefined();
});
