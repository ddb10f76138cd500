import { expect, test } from "vitest";

import { encodingsOf, sendingOf, surfaceOf } from "./screen";

test("text keeps its pixels, motion its frames", () => {
  expect(sendingOf("text").degradationPreference).toBe("maintain-resolution");
  expect(sendingOf("motion").degradationPreference).toBe("maintain-framerate");
  expect(sendingOf("motion").screenShareEncoding.maxFramerate).toBeGreaterThan(
    sendingOf("text").screenShareEncoding.maxFramerate,
  );
});

test("a share that is under way changes its layers in place, and what else they say stays", () => {
  const before = [
    { rid: "q", active: false, scaleResolutionDownBy: 2, maxBitrate: 1, maxFramerate: 5 },
    { rid: "h", active: true, scaleResolutionDownBy: 1, maxBitrate: 2, maxFramerate: 5 },
  ];
  expect(encodingsOf("motion", before)).toEqual([
    { rid: "q", active: false, scaleResolutionDownBy: 2, maxBitrate: 1_000_000, maxFramerate: 30 },
    { rid: "h", active: true, scaleResolutionDownBy: 1, maxBitrate: 4_000_000, maxFramerate: 30 },
  ]);
});

test("a browser that does not say what is shared shares a screen", () => {
  expect(surfaceOf("browser")).toBe("tab");
  expect(surfaceOf("window")).toBe("window");
  expect(surfaceOf("monitor")).toBe("screen");
  expect(surfaceOf(undefined)).toBe("screen");
});
