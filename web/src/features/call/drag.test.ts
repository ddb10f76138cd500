import { expect, test } from "vitest";

import { cornerOf, nextCorner } from "./drag";

const stage = new DOMRect(0, 40, 374, 610);

test("it settles in the corner nearest to its middle", () => {
  expect(cornerOf(new DOMRect(10, 60, 96, 128), stage)).toBe("top-left");
  expect(cornerOf(new DOMRect(200, 60, 96, 128), stage)).toBe("top-right");
  expect(cornerOf(new DOMRect(10, 400, 96, 128), stage)).toBe("bottom-left");
  expect(cornerOf(new DOMRect(200, 400, 96, 128), stage)).toBe("bottom-right");
});

test("four presses of Enter lead round and back", () => {
  const walk = [1, 2, 3, 4].reduce(
    (corner) => nextCorner(corner),
    "top-left" as ReturnType<typeof nextCorner>,
  );
  expect(walk).toBe("top-left");
});
