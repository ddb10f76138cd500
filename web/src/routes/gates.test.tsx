import { act, render, screen } from "@testing-library/react";
import { beforeAll, expect, test, vi } from "vitest";

import type { JoinRequest } from "../core/api/types";
import { needs } from "../core/journey/journey";
import { createTravel, type Travel } from "../core/journey/travel";
import { activate } from "../i18n/i18n";
import { LanguageProvider } from "../i18n/react";
import { type Gate, shut } from "../ui/gate";
import { useStore } from "../ui/use-store";

import { Gated, gates } from "./gates";

/** What a feature that asks for consent would bring: one file. */
const consent: Gate = {
  name: "consent",
  order: 20,
  isShut: (meeting) => meeting === "recorded",
  Ask: ({ onPass, onBack }) => (
    <>
      <button onClick={onPass}>Agree</button>
      <button onClick={onBack}>Don't</button>
    </>
  ),
};
const signIn: Gate = {
  ...consent,
  name: "sign-in",
  order: 10,
  Ask: ({ onPass }) => <button onClick={onPass}>Sign in</button>,
};
const broken: Gate = {
  ...consent,
  Ask: () => {
    throw new Error("broken");
  },
};

beforeAll(() => activate("en"));

function scene(meeting: string, all: readonly Gate[]) {
  const asked: JoinRequest[] = [];
  const travel = createTravel(meeting, () => Promise.resolve({}), {
    api: {
      join: (_, request) => {
        asked.push(request);
        return new Promise(() => undefined);
      },
    },
    now: () => 0,
    after: () => () => undefined,
    gates: () => shut(all, meeting),
  });
  render(
    <LanguageProvider>
      <Page travel={travel} all={all} />
    </LanguageProvider>,
  );
  return { asked, travel };
}

function Page({ travel, all }: { travel: Travel; all: readonly Gate[] }) {
  const journey = useStore(travel);
  if (journey.at === "gated") return <Gated name={journey.gates[0]} gates={all} travel={travel} />;
  return <p>{journey.at}</p>;
}

const press = (name: string) => act(async () => screen.getByRole("button", { name }).click());

test("gates are asked in their order, and the server only when all are through", async () => {
  const { asked, travel } = scene("recorded", [consent, signIn]);
  await act(async () => travel.join("Ada"));
  await press("Sign in");
  expect(asked).toEqual([]);
  expect(needs(travel.get())).toBe("devices");
  await press("Agree");
  expect(asked.map(({ name }) => name)).toEqual(["Ada"]);
  expect(travel.get().at).toBe("joining");
});

test("who does not agree is in prejoin again, and the server was told nothing", async () => {
  const { asked, travel } = scene("recorded", [consent]);
  await act(async () => travel.join("Ada"));
  await press("Don't");
  expect([travel.get().at, asked]).toEqual(["prejoin", []]);
});

test("a gate that is open is not there", async () => {
  const { asked, travel } = scene("other", [consent]);
  await act(async () => travel.join("Ada"));
  expect([travel.get().at, asked.length]).toEqual(["joining", 1]);
});

test("a gate that breaks lets nobody through", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { asked, travel } = scene("recorded", [broken]);
  await act(async () => travel.join("Ada"));
  expect([travel.get().at, asked]).toEqual(["gated", []]);
  expect(screen.getByRole("alert").textContent).toContain("broke");
});

test("nothing that is built asks anything yet", () => {
  expect(gates).toEqual([]);
});
