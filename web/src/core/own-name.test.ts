import { expect, it } from "vitest";

import { elsewhereOf, signInFor } from "./own-name";

const MAIN = "https://meet.example";

it("sends nobody anywhere who came by the server's own address", () => {
  expect(elsewhereOf("/signin", null)).toBeNull();
});

it.each(["/", "/m/123456789012", "/answer", "/test", "/privacy"])("shows %s by an own name too", (path) => {
  expect(elsewhereOf(path, MAIN)).toBeNull();
});

it.each(["/signin", "/signup", "/org/domains", "/settings", "/meetings/new", "/m/1/2", "/answers"])(
  "sends %s to the server's own address",
  (path) => {
    expect(elsewhereOf(path, MAIN)).toBe(MAIN + path);
  },
);

it("brings who signs in back to the same meeting, its secret in the fragment", () => {
  expect(signInFor("123456789012", "s3cret", MAIN)).toBe(`${MAIN}/signin?next=%2Fm%2F123456789012#k=s3cret`);
  expect(signInFor("123456789012", undefined, MAIN)).toBe(`${MAIN}/signin?next=%2Fm%2F123456789012`);
});
