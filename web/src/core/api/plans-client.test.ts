import { expect, test, vi } from "vitest";

import { createCall } from "./call";
import { running, widerPlans } from "./plans-client";

const said = (body: unknown, status = 200) =>
  vi.fn(async () => new Response(JSON.stringify(body), { status }));

test("the page of the organisation that they own", async () => {
  const send = said({ org: "o 1" });
  expect(await widerPlans(createCall(send), "123456789012", "minutes")).toBe("/org/plan?org=o+1");
  expect(send).toHaveBeenCalledWith(
    "/api/plans/wider?meeting=123456789012&limit=minutes",
    expect.objectContaining({ method: "GET" }),
  );
});

test.each([
  ["nothing helps", said({ org: null })],
  ["one was signed out", said({ code: "session.none" }, 401)],
  ["the server is gone", vi.fn(() => Promise.reject(new Error("gone")))],
])("nowhere where %s", async (_, send) => {
  expect(await widerPlans(createCall(send), "1", "people")).toBeNull();
});

test("what takes the places, and where more are to be had", async () => {
  const mine = [{ number: "123456789012", title: "Physics" }];
  const send = said({ most: 2, mine, others: 1, org: "o_1" });
  expect(await running(createCall(send))).toEqual({ mine, others: 1, plans: "/org/plan?org=o_1" });
  expect(await running(createCall(said({ most: 2, mine: [], others: 0, org: null })))).toMatchObject({
    plans: null,
  });
  expect(await running(createCall(said({ code: "session.none" }, 401)))).toBeNull();
});
