import { describe, expect, it } from "vitest";

import { createApi } from "./client";

const answering = (status: number, body: string) =>
  createApi(async () => new Response(body, { status, headers: { "content-type": "application/json" } }));

describe("an answer of the server", () => {
  it("is a value", async () => {
    const api = answering(200, `{"status":"ok","version":"0.1.0"}`);
    expect(await api.health()).toEqual({ kind: "ok", value: { status: "ok", version: "0.1.0" } });
  });

  it("is a refusal with its code and parameters", async () => {
    const api = answering(
      429,
      `{"code":"meeting.too_many_tries","message":"…","params":{"retry_after_s":9}}`,
    );
    expect(await api.join("1", { name: "Ada" })).toEqual({
      kind: "refused",
      refusal: { code: "meeting.too_many_tries", params: { retry_after_s: 9 } },
    });
  });

  it.each([
    [502, "<html>bad gateway</html>"],
    [500, `{"code":"internal"}`],
    [404, "not ours"],
    [200, "<html>a captive portal</html>"],
    [200, "null"],
    [200, "{}"],
    [200, `{"status":7}`],
  ])("is none if it is not ours: %i %s", async (status, body) => {
    expect(await answering(status, body).health()).toEqual({ kind: "unreachable" });
  });

  it("is none if the network fails", async () => {
    const api = createApi(() => Promise.reject(new TypeError("Failed to fetch")));
    expect(await api.createMeeting({ admission: "x" })).toEqual({ kind: "unreachable" });
  });
});

describe("a ticket", () => {
  const ticket = {
    participant: "p-1",
    role: "guest",
    name: "Ada",
    meeting: { number: "1", title: "", locked: false },
    channel_token: "c",
    rejoin: "r",
  };

  it("may say more than we know", async () => {
    const api = answering(200, JSON.stringify({ ...ticket, seat: 4 }));
    expect(await api.join("1", { name: "Ada" })).toMatchObject({ kind: "ok", value: ticket });
  });

  it.each([
    ["without a token", { ...ticket, channel_token: undefined }],
    ["with a number for a name", { ...ticket, name: 7 }],
    ["without its meeting", { ...ticket, meeting: null }],
    ["with half a meeting", { ...ticket, meeting: { number: "1" } }],
  ])("%s is none", async (_, broken) => {
    expect(await answering(200, JSON.stringify(broken)).join("1", { name: "Ada" })).toEqual({
      kind: "unreachable",
    });
  });
});

it("a number cannot lead the request elsewhere", async () => {
  let asked = "";
  const api = createApi(async (path) => {
    asked = String(path);
    return new Response("{}");
  });
  await api.join("../health?", { name: "Ada" });
  expect(asked).toBe("/api/meetings/..%2Fhealth%3F/join");
});
