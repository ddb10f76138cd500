import { expect, it, vi } from "vitest";

import type { AccountShown } from "../api/accounts";
import type { Call } from "../api/call";
import type { Answer } from "../api/types";

import { createMe } from "./me";

const ada: AccountShown = {
  id: "a_1",
  name: "Ada",
  language: "en",
  time_zone: "UTC",
  operator: false,
  addresses: [],
  picture: null,
};
const signedOut: Answer<never> = { kind: "refused", refusal: { code: "account.signed_out", params: {} } };

function answering(...answers: Answer<AccountShown>[]) {
  const call = vi.fn(() => Promise.resolve(answers.shift() ?? signedOut));
  return { call, me: createMe(call as unknown as Call) };
}

it("is asked for once, however many want to know", async () => {
  const { call, me } = answering({ kind: "ok", value: ada });
  me.ask();
  me.ask();
  expect(await me.refresh()).toEqual({ at: "in", account: ada });
  me.ask();
  expect(call).toHaveBeenCalledTimes(1);
});

it("says that nobody is signed in, and tells a server that is gone from it", async () => {
  const { me } = answering(signedOut, { kind: "unreachable" });
  expect(await me.refresh()).toEqual({ at: "out" });
  expect(await me.refresh()).toEqual({ at: "unreachable" });
});

it("asks again after a server that was gone", async () => {
  const { me } = answering({ kind: "unreachable" }, { kind: "ok", value: ada });
  await me.refresh();
  me.ask();
  await vi.waitFor(() => expect(me.get().at).toBe("in"));
});

it("believes who signed in meanwhile, not the older answer", async () => {
  const { me } = answering(signedOut);
  const asked = me.refresh();
  me.is(ada);
  expect(await asked).toEqual({ at: "in", account: ada });
});

it("hears from any answer that one was signed out, and keeps who it was", async () => {
  const { me, call } = answering(signedOut);
  me.is(ada);
  await me.heard(call as unknown as Call)("GET", "/api/account/sessions", "nothing");
  expect(me.get()).toEqual({ at: "lost", account: ada });
});
