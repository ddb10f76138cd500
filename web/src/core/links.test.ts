import { expect, it } from "vitest";

import { pieces } from "./links";

function links(text: string): string[] {
  return pieces(text).flatMap(({ kind, text: words }) => (kind === "link" ? words : []));
}

it.each([
  ["agenda: https://example.org/agenda?id=7（第二版）", "https://example.org/agenda?id=7"],
  ["see https://example.org/a.", "https://example.org/a"],
  ["(https://example.org/a)", "https://example.org/a"],
  ["https://example.org/wiki/Moot_(assembly), yes", "https://example.org/wiki/Moot_(assembly)"],
  ["请看https://example.org/资料。谢谢", undefined],
  ["请看 https://example.org/资料。谢谢", "https://example.org/资料"],
  ["راجع https://example.org/a؟", "https://example.org/a"],
  ["HTTP://EXAMPLE.ORG/A!", "HTTP://EXAMPLE.ORG/A"],
  ["“https://example.org/a”", "https://example.org/a"],
  ["https://example.org/a?q=x&y=1#z…", "https://example.org/a?q=x&y=1#z…"],
])("%s", (text, link) => {
  expect(links(text)).toEqual(link === undefined ? [] : [link]);
});

it.each([
  "javascript:alert(1)",
  "data:text/html,hi",
  "file:///etc/passwd",
  "xhttps://example.org",
  "https://",
  "https://bank.example@elsewhere.example/",
  "https://u:p@example.org/",
])("%s stays text", (text) => expect(links(text)).toEqual([]));

it("turns no direction round inside an address", () => {
  expect(links("https://example.org/\u202egnp.exe")).toEqual(["https://example.org/"]);
});

it("loses none of the words", () => {
  const text = "a https://example.org/a. b https://example.org/b c https:// d";
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

it("takes nonsense of any length in its stride", () => {
  // So long that work which grows with the square takes ten seconds, and work that doesn't some milliseconds.
  const length = 20_000;
  const before = performance.now();
  pieces("https://".repeat(length / 8));
  pieces(`https://example.org/${")".repeat(length)}`);
  pieces(`https://example.org/${".".repeat(length)}`);
  expect(performance.now() - before).toBeLessThan(2000);
});
