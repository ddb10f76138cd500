import { expect, it } from "vitest";

import { breaches, codesOf, named } from "./codes.js";

const page = "| id | when |\n|---|---|\n| J1 | closed door |\n| ○E1 | can't seal |\n| P1 ○P2 | not found |\n";

it("reads what is there, and what of it is built", () => {
  expect([...codesOf(page)]).toEqual([
    ["J1", true],
    ["E1", false],
    ["P1", true],
    ["P2", false],
  ]);
});

it("finds codes where people are told something, and nowhere else", () => {
  expect([...named('/** J1: closed. */\nconst a = "P1"; // P2\n')]).toEqual(["J1", "P2"]);
  expect([...named('#. N9: button\nmsgid "a"\nmsgstr "D2"\n')]).toEqual(["N9"]);
});

it("reports what is missing, what is not built, and what nobody names", () => {
  const files = new Map([["a.ts", new Set(["J1", "E1", "D9"])]]);
  expect(breaches(codesOf(page), files)).toEqual([
    "a.ts: E1 is marked as not built in ui.md",
    "a.ts: D9 is not in ui.md",
    "ui.md: P1 is built, it says, and nothing names it",
  ]);
});
