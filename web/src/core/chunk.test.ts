import { expect, it } from "vitest";

import { Chunk } from "./chunk";

function failing(times: number): () => Promise<string> {
  let left = times;
  return async () => {
    left -= 1;
    if (left >= 0) throw new TypeError("Failed to fetch dynamically imported module");
    return "the panel";
  };
}
const atOnce = async (): Promise<void> => undefined;

it("is fetched once, however many ask", async () => {
  let count = 0;
  const chunk = new Chunk(async () => (count += 1), atOnce);
  await Promise.all([chunk.fetch(), chunk.fetch()]);
  expect(count).toBe(1);
  expect(chunk.arrival.get()).toEqual({ at: "here", part: 1 });
});

it("is tried again while the line is broken", async () => {
  expect(await new Chunk(failing(2), atOnce).fetch()).toBe("the panel");
});

it("says that it failed, and begins anew for whoever asks once more", async () => {
  const chunk = new Chunk(failing(3), atOnce);
  await expect(chunk.fetch()).rejects.toThrow("Failed to fetch");
  expect(chunk.arrival.get()).toEqual({ at: "failed" });
  expect(await chunk.fetch()).toBe("the panel");
  expect(chunk.arrival.get()).toEqual({ at: "here", part: "the panel" });
});

it("fetched ahead, fails in silence", async () => {
  const chunk = new Chunk(failing(9), atOnce);
  chunk.preload();
  await expect(chunk.fetch()).rejects.toThrow();
});
