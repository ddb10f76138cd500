import { expect, it } from "vitest";

import { isImeKey } from "./keyboard";

it("Enter that ends a composition is the input method's, also in Safari", () => {
  expect(isImeKey({ isComposing: true, keyCode: 13 })).toBe(true);
  expect(isImeKey({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isImeKey({ isComposing: false, keyCode: 13 })).toBe(false);
});
