import { expect, test } from "vitest";

import { fitted, isDrawable, previewOf } from "./preview";

test("a picture becomes no larger than it was, and none of its sides nothing", () => {
  expect(fitted(4000, 3000)).toEqual({ width: 320, height: 240 });
  expect(fitted(100, 50)).toEqual({ width: 100, height: 50 });
  expect(fitted(100_000, 1)).toEqual({ width: 320, height: 1 });
});

test("what says that it is enormous, or is nothing, isn't drawn", () => {
  const picture = (naturalWidth: number, naturalHeight: number) =>
    ({ naturalWidth, naturalHeight }) as HTMLImageElement;
  expect([picture(8000, 6000), picture(100_000, 100_000), picture(0, 0)].map(isDrawable)).toEqual([
    true,
    false,
    false,
  ]);
});

test("what is no picture has none, whatever its name", async () => {
  expect(await previewOf(new Blob(["<svg onload=alert(1)>"], { type: "image/svg+xml" }))).toBeUndefined();
  expect(await previewOf(new Blob(["words"], { type: "text/plain" }))).toBeUndefined();
});
