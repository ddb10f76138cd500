import { act, render, screen } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";

import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";

/** The server's answer, and the clock of the page: both come when the test says so. */
const world = vi.hoisted(() => ({
  answer: undefined as unknown as (said: unknown) => void,
  late: undefined as unknown as () => void,
}));
vi.mock("./ports", () => ({
  call: () => new Promise((resolve) => (world.answer = resolve)),
  clock: { after: (_: number, run: () => void) => ((world.late = run), () => undefined) },
}));

const SAID = [{ id: "a", en: "Down on Sunday.", zh: "周日停机。", begins: "", ends: "" }];

beforeAll(() => activate("en"));
beforeEach(() => vi.resetModules());

async function shown() {
  const { AnnouncedAround, hear } = await import("./announced");
  void hear();
  render(
    <LanguageProvider>
      <main>
        <AnnouncedAround>
          <button>Start</button>
        </AnnouncedAround>
      </main>
    </LanguageProvider>,
  );
}

const words = () => screen.getByRole("main").textContent;

test("a page waits a moment for what is said to everybody, and has it above from the beginning", async () => {
  await shown();
  expect(words()).toBe("");
  await act(async () => world.answer({ kind: "ok", value: SAID }));
  expect(words()).toBe("Down on Sunday.Start");
});

test("what comes late moves nothing: it stands below", async () => {
  await shown();
  act(() => world.late());
  expect(words()).toBe("Start");
  await act(async () => world.answer({ kind: "ok", value: SAID }));
  expect(words()).toBe("StartDown on Sunday.");
});

test("a server that doesn't say anything keeps nobody waiting", async () => {
  await shown();
  await act(async () => world.answer({ kind: "unreachable" }));
  act(() => world.late());
  expect(words()).toBe("Start");
});
