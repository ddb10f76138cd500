import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";

import { useSecret } from "./secret";

const [first, second] = ["a".repeat(43), "b".repeat(43)];

/** As a browser does when something else is pasted over the address. */
const goTo = (hash: string) =>
  act(() => {
    location.hash = hash;
    dispatchEvent(new Event("hashchange"));
  });

beforeEach(() => {
  location.hash = "";
});

test("the whole link pasted over the number alone brings its secret", () => {
  const { result } = renderHook(() => useSecret());
  expect(result.current).toBeUndefined();
  goTo(`#k=${first}`);
  expect(result.current).toBe(first);
  goTo(`#k=${second}`);
  expect(result.current).toBe(second);
});

test("another part of the page in the address takes nobody's secret away", () => {
  location.hash = `#k=${first}`;
  const { result } = renderHook(() => useSecret());
  goTo("#main");
  expect(result.current).toBe(first);
});
