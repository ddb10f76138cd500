import { expect, test } from "vitest";

import { inSight, rowAt, topsOf } from "./rows";

const even = topsOf(1000, () => 40);
const uneven = topsOf(4, (index) => [10, 100, 20, 30][index] ?? 0);

test("of a thousand rows those in sight are drawn", () => {
  expect(inSight(even, 0, 400)).toEqual({ from: 0, to: 11 });
  expect(inSight(even, 4_010, 4_410)).toEqual({ from: 100, to: 111 });
  expect(inSight(even, 39_900, 41_000)).toEqual({ from: 997, to: 1000 });
});

test("rows of different heights are found where they are", () => {
  expect([...uneven]).toEqual([0, 10, 110, 130, 160]);
  expect([0, 9, 10, 109, 110, 159].map((y) => rowAt(uneven, y))).toEqual([0, 0, 1, 1, 2, 3]);
  expect(inSight(uneven, 100, 120)).toEqual({ from: 1, to: 3 });
});

test("above, below and in an empty list nothing is in sight", () => {
  expect(inSight(even, -500, -1)).toEqual({ from: 0, to: 0 });
  expect(inSight(even, 40_000, 40_500)).toEqual({ from: 0, to: 0 });
  expect(
    inSight(
      topsOf(0, () => 40),
      0,
      400,
    ),
  ).toEqual({ from: 0, to: 0 });
});
