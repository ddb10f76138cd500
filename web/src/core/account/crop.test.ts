import { describe, expect, it } from "vitest";

import { closest, pulled, settled, squareOf, whole } from "./crop";

const wide = { width: 400, height: 200 };

describe("which square of a picture is kept", () => {
  it("is the middle, as large as it can be, where nobody moved it", () => {
    expect(squareOf(wide, whole)).toEqual({ left: 100, top: 0, side: 200 });
  });

  it("follows the hand, and stops at the edge", () => {
    expect(squareOf(wide, pulled(wide, whole, 0.25, 0.25))).toEqual({ left: 50, top: 0, side: 200 });
    expect(squareOf(wide, pulled(wide, whole, 9, 9))).toEqual({ left: 0, top: 0, side: 200 });
    expect(squareOf(wide, pulled(wide, whole, -9, -9))).toEqual({ left: 200, top: 0, side: 200 });
  });

  it("comes closer round the same middle, and no closer than there is something to see", () => {
    expect(squareOf(wide, settled(wide, { ...whole, zoom: 2 }))).toEqual({ left: 150, top: 50, side: 100 });
    expect(settled(wide, { ...whole, zoom: 99 }).zoom).toBe(closest);
  });

  it("is within the picture again after one went away from it at its edge", () => {
    const corner = pulled(wide, settled(wide, { ...whole, zoom: 4 }), -99, -99);
    expect(squareOf(wide, { ...corner, zoom: 1 })).toEqual({ left: 200, top: 0, side: 200 });
  });
});
