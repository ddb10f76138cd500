import { expect, test } from "vitest";

import type { Seat } from "../../core/layout/arrange";
import { desktop, grid, place } from "../../core/layout/tiles";

import { nearest } from "./walk";

const area = { width: 1334, height: 596 };
const seats: Seat[] = place(area, 5, grid(area, 5, desktop), desktop.gap).map((rect, index) => ({
  id: `p${index}`,
  rect,
  look: "grid",
}));

test("arrows walk the grid as the eye sees it, and stop at its edges", () => {
  expect(nearest(seats, "p0", "ArrowRight")).toBe("p1");
  expect(nearest(seats, "p1", "ArrowDown")).toBe("p3");
  expect(nearest(seats, "p4", "ArrowUp")).toBe("p1");
  expect(nearest(seats, "p0", "ArrowLeft")).toBeUndefined();
  expect(nearest(seats, "p2", "ArrowDown")).toBe("p4");
});

test("other keys and unknown tiles lead nowhere", () => {
  expect(nearest(seats, "p0", "a")).toBeUndefined();
  expect(nearest(seats, "gone", "ArrowRight")).toBeUndefined();
});
