import { expect, test } from "vitest";

import { size } from "./sizes";

test.each([
  [0, "0 byte"],
  [999, "999 byte"],
  [1400, "1.4 kB"],
  [52_428_800, "52 MB"],
  [9_940_000, "9.9 MB"],
  [2_000_000_000, "2 GB"],
])("%i bytes are %s", (bytes, said) => {
  expect(size(bytes)).toBe(said);
});
