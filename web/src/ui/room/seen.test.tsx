import { renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";

import { useSeenHeight } from "./seen";

class Sight extends EventTarget {
  height = 844;
  offsetTop = 0;
  scale = 1;

  change(to: Partial<Pick<Sight, "height" | "offsetTop" | "scale">>): void {
    Object.assign(this, to);
    this.dispatchEvent(new Event("resize"));
  }
}

const drawn = () => {
  const { style } = document.documentElement;
  return [style.getPropertyValue("--seen-height"), style.getPropertyValue("--seen-top")];
};

afterEach(() => vi.unstubAllGlobals());

test("under a phone's keyboard the room is as high as what is in sight, and whole again without it", () => {
  const sight = new Sight();
  vi.stubGlobal("visualViewport", sight);
  const { unmount } = renderHook(() => useSeenHeight());
  sight.change({ height: 508, offsetTop: 120 });
  expect(drawn()).toEqual(["508px", "120px"]);
  sight.change({ height: 844, offsetTop: 0 });
  expect(drawn()).toEqual(["844px", "0px"]);
  unmount();
  expect(drawn()).toEqual(["", ""]);
});

test("who zooms in by hand looks at a part, and the room stays as it is", () => {
  const sight = new Sight();
  vi.stubGlobal("visualViewport", sight);
  renderHook(() => useSeenHeight());
  sight.change({ height: 300, scale: 2 });
  expect(drawn()).toEqual(["", ""]);
});
