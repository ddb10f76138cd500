import { expect, test, vi } from "vitest";

import { createCall } from "./call";
import { widerPlans } from "./plans-client";

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
