import { expect, it } from "vitest";

import { extentsOf, scopesOf } from "./scopes";

it("who may change something may read it, and what isn't chosen isn't asked for", () => {
  expect(scopesOf({ meetings: "write", account: "read", webhooks: "none" })).toEqual([
    "account:read",
    "meetings:read",
    "meetings:write",
  ]);
});

it("says of a key what it may do, and leaves out what it doesn't know", () => {
  expect(extentsOf(["meetings:write", "account:read", "dreams:read"])).toEqual([
    { area: "account", extent: "read" },
    { area: "meetings", extent: "write" },
  ]);
});
