import { expect, it, vi } from "vitest";

import { nextOf, nextWith } from "./account-desk";
import { leaveToSignIn, me, prefs } from "./ports";

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

it("brings the secret along that came in the fragment, to a meeting alone", () => {
  expect(nextWith("?next=%2Fm%2F1", "#k=s3cret-_")).toBe("/m/1#k=s3cret-_");
  expect(nextWith("?next=%2Fm%2F1%23k%3Da", "#k=b")).toBe("/m/1#k=a");
  expect(nextWith("?next=%2Fsettings", "#k=s3cret")).toBe("/settings");
  expect(nextWith("?next=%2Fm%2F1", "#//evil.example")).toBe("/m/1");
  expect(nextWith("?next=https%3A%2F%2Fevil.example%2Fm%2F1", "#k=s3cret")).toBe("/");
});

it("who went to sign in elsewhere is looked for when they come back, whatever is still answered to the page they left", async () => {
  let answered: (answer: Response) => void = () => undefined;
  vi.stubGlobal("fetch", () => new Promise<Response>((done) => (answered = done)));
  const asked = me.refresh();
  leaveToSignIn("#away");
  answered(Response.json({ code: "account.signed_out" }, { status: 401 }));
  expect((await asked).at).toBe("out");
  expect(prefs.get().signedIn).toBe(true);
});
