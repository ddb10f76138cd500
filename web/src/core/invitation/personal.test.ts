import { expect, test } from "vitest";

import type { InvitationRequest } from "../api/http";

import { openDesk, readNames, tooLong } from "./personal";

test.each([
  ["Ada\nBo\n\n  Cy  \n", ["Ada", "Bo", "Cy"]],
  ["Ada, Bo; Cy", ["Ada", "Bo", "Cy"]],
  ["王思远、李娜，赵立新", ["王思远", "李娜", "赵立新"]],
  ["Smith, John\nDoe, Jane", ["Smith, John", "Doe, Jane"]],
  ["  \n\u3000\n", []],
])("a list as people paste it: %j", (text, names) => {
  expect(readNames(text)).toEqual(names);
});

test("a name that no server takes is named", () => {
  expect(tooLong(["Ada", "x".repeat(65)])).toBe("x".repeat(65));
  expect(tooLong(["Ada"])).toBeUndefined();
});

function desk(answers: "all" | "refused") {
  const sent: InvitationRequest[] = [];
  let drawn = 0;
  const made = openDesk({
    api: {
      invite: (_, __, people) => {
        sent.push(...people);
        return Promise.resolve(
          answers === "all"
            ? { kind: "ok", value: people.map(({ name }, index) => ({ id: `i-${index}`, name })) }
            : { kind: "refused", refusal: { code: "meeting.not_host", params: {} } },
        );
      },
      invitations: () => Promise.resolve({ kind: "ok", value: [] }),
      revoke: () => Promise.resolve({ kind: "ok", value: null }),
    },
    number: "123456789012",
    origin: "https://meet.example",
    token: () => "ticket",
    newSecret: () => `secret-${(drawn += 1)}`,
    admissionOf: (secret) => Promise.resolve(`derived of ${secret.length}`),
  });
  return { made, sent };
}

test("each has a secret of their own, and the server gets none of them", async () => {
  const { made, sent } = desk("all");
  const answer = await made.make(["Ada", "Bo"]);
  expect(answer).toEqual({
    kind: "ok",
    value: new Map([
      ["i-0", "https://meet.example/m/123456789012#k=secret-1"],
      ["i-1", "https://meet.example/m/123456789012#k=secret-2"],
    ]),
  });
  expect(sent.map(({ name }) => name)).toEqual(["Ada", "Bo"]);
  expect(JSON.stringify(sent)).not.toContain("secret-");
});

test("a refusal makes no link", async () => {
  const { made } = desk("refused");
  expect(await made.make(["Ada"])).toMatchObject({ kind: "refused" });
});
