import { expect, it } from "vitest";

import { nextOf } from "./account-desk";

it("leads back to where one was", () => {
  expect(nextOf("?next=%2Fsettings%2Fsignin")).toBe("/settings/signin");
  expect(nextOf("")).toBe("/");
});

it.each([
  "//evil.example",
  "/\\evil.example",
  "/x/..//evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/\t/evil.example",
  "evil",
])("leads to no other site: %s", (next) => expect(nextOf(`?next=${encodeURIComponent(next)}`)).toBe("/"));
