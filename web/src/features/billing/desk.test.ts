// Two owners at once: the second one sees what the first one did, before anything is said.
import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import type { PlanPage } from "../../core/api/billing-client";
import type { Answer } from "../../core/api/types";

import { useDecision } from "./desk";

const page = { seen: 3 } as PlanPage;
const refused = (code: string): Answer<PlanPage> => ({
  kind: "refused",
  refusal: { code, params: {} } as never,
});

it.each([
  ["billing.changed_meanwhile", 1],
  ["billing.subscribed", 1],
  ["billing.seats", 0],
])("what was refused with %s is looked at again %i times", async (code, times) => {
  const shown = { onChanged: vi.fn(), again: vi.fn(() => Promise.resolve()) };
  const { result } = renderHook(() => useDecision(shown));
  await act(async () =>
    expect(await result.current.decide(() => Promise.resolve(refused(code)))).toBe(false),
  );
  expect(shown.again).toHaveBeenCalledTimes(times);
  expect(result.current.trouble).toMatchObject({ code });
  expect(shown.onChanged).not.toHaveBeenCalled();
});

it("what was done is shown", async () => {
  const shown = { onChanged: vi.fn(), again: vi.fn(() => Promise.resolve()) };
  const { result } = renderHook(() => useDecision(shown));
  await act(async () => {
    await result.current.decide(() => Promise.resolve({ kind: "ok", value: page }));
  });
  expect(shown.onChanged).toHaveBeenCalledWith(page);
  expect(result.current.trouble).toBeNull();
});
