import { expect, test } from "vitest";

import { described, description } from "./model.js";

/** The smallest model that says something: its version, one code, one graph, one buffer. */
function model(): Uint8Array {
  const bytes = new Uint8Array(128);
  const view = new DataView(bytes.buffer);
  const put16 = (at: number, ...values: number[]) =>
    values.forEach((value, index) => view.setUint16(at + 2 * index, value, true));
  view.setUint32(0, 32, true);
  bytes.set(new TextEncoder().encode("TFL3"), 4);
  put16(8, 14, 24, 4, 8, 12, 0, 16);
  view.setInt32(32, 24, true);
  view.setUint32(36, 3, true);
  for (const [from, to] of [
    [40, 60],
    [44, 64],
    [48, 68],
  ] as const)
    view.setUint32(from, to - from, true);
  view.setUint32(60, 0, true);
  view.setUint32(64, 0, true);
  view.setUint32(68, 1, true);
  view.setUint32(72, 84 - 72, true);
  put16(76, 4, 4);
  view.setInt32(84, 84 - 76, true);
  return bytes;
}

test("a model with its description is the same model, and has one", () => {
  const text = description();
  expect(new TextDecoder().decode(text.slice(4, 8))).toBe("M001");
  const whole = described(model(), text);
  const view = new DataView(whole.buffer);
  expect(new TextDecoder().decode(whole.slice(4, 8))).toBe("TFL3");
  const root = view.getUint32(0, true);
  expect(view.getUint32(root + 4, true)).toBe(3);
  const buffers = root + 20 + view.getUint32(root + 20, true);
  expect(view.getUint32(buffers, true)).toBe(2);
  expect(whole.slice(-128)).toEqual(model());
  expect((whole.length - 128) % 64).toBe(0);
});

test("one that has a description by now is left alone", () => {
  expect(() => described(described(model(), description()), description())).toThrow("has a description");
});
