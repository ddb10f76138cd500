import { expect, test } from "vitest";

import { returned } from "./returned";

test("who comes back from the provider's page is known by the address", () => {
  expect(returned("?org=o_1&payment=done")).toBe("done");
  expect(returned("?payment=back")).toBe("back");
  expect(returned("?payment=looked")).toBe("looked");
  expect(returned("?payment=paid")).toBeNull();
  expect(returned("")).toBeNull();
});
