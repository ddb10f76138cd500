import { expect, it, vi } from "vitest";

import type { Ring } from "../api/calendar-client";
import type { Answer } from "../api/types";

import { listenForRings, showRing } from "./ringing";

const NOW = Date.parse("2026-11-28T09:00:00Z");
const ring = (id: number, at = "2026-11-28T08:59:30Z"): Ring => ({
  id,
  meeting: "s_1",
  number: "123456789012",
  title: "Physics",
  by: "Ada",
  at,
});

/** A server that answers in turn, and then never again. */
function scene(...answers: Answer<{ rings: Ring[] }>[]) {
  const asked: number[] = [];
  const waited: number[] = [];
  const heard: number[] = [];
  const never = new Promise<never>(() => undefined);
  const stop = listenForRings(
    {
      api: {
        rings: async (after) => {
          asked.push(after);
          return answers.shift() ?? never;
        },
      },
      now: () => NOW,
      wait: async (ms) => void waited.push(ms),
    },
    ({ id }) => heard.push(id),
  );
  return { asked, waited, heard, stop };
}

it("hears each ring once and asks for what comes after it", async () => {
  const { asked, heard } = scene(
    { kind: "ok", value: { rings: [ring(7)] } },
    { kind: "ok", value: { rings: [] } },
  );
  await vi.waitFor(() => expect(asked).toEqual([0, 7, 7]));
  expect(heard).toEqual([7]);
});

it("what rang long ago rings no more, and is not asked for again", async () => {
  const { asked, heard } = scene({ kind: "ok", value: { rings: [ring(3, "2026-11-28T08:00:00Z")] } });
  await vi.waitFor(() => expect(asked).toEqual([0, 3]));
  expect(heard).toEqual([]);
});

it("a server that is away is asked again, and not at once", async () => {
  const { asked, waited } = scene({ kind: "unreachable" });
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(waited).toEqual([15_000]);
});

it("who left hears nothing more", async () => {
  const { heard, stop } = scene({ kind: "ok", value: { rings: [ring(1)] } });
  stop();
  await Promise.resolve();
  await Promise.resolve();
  expect(heard).toEqual([]);
});

it.each([
  ["nobody answered", { isShown: true, isThere: false }, ["rings 7", "in 30000", "missed 7"]],
  ["it was closed, or answered", { isShown: false, isThere: false }, ["rings 7", "in 30000"]],
  ["they came by another way", { isShown: true, isThere: true }, ["rings 7", "in 30000"]],
])("is missed after a minute, unless: %s", (_, { isShown, isThere }, expected) => {
  const done: string[] = [];
  const screen = {
    rings: ({ id }: Ring) => {
      done.push(`rings ${id}`);
      return () => isShown;
    },
    missed: ({ id }: Ring) => done.push(`missed ${id}`),
    isThere: () => isThere,
  };
  showRing(ring(7), screen, NOW, (ms, run) => {
    done.push(`in ${ms}`);
    run();
  });
  expect(done).toEqual(expected);
});
