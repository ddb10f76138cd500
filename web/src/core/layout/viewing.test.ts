import { expect, test } from "vitest";

import { emptySeats, seated } from "./seats";
import {
  fixedOf,
  sharing,
  type Sight,
  stageOf,
  viewingAtFirst,
  type Visible,
  withSpotlight,
} from "./viewing";

const someone = (id: string, change: Partial<Visible> = {}): Visible => ({
  id,
  self: false,
  role: "guest",
  camera: true,
  screen: false,
  ...change,
});
const me = someone("me", { self: true });
const others = (count: number): Visible[] =>
  Array.from({ length: count }, (_, index) => someone(`p${index}`));

function sight(people: readonly Visible[], change: Partial<Sight> = {}): Sight {
  const ids = people.filter(({ self }) => !self).map(({ id }) => id);
  return {
    people,
    seats: seated(emptySeats, ids),
    viewing: viewingAtFirst,
    area: { width: 1334, height: 596 },
    isPhone: false,
    isMini: false,
    sharers: sharing([], people),
    speaker: undefined,
    before: undefined,
    ...change,
  };
}

test("oneself is last on page one, also where a page holds fewer than were asked for", () => {
  const viewing = { ...viewingAtFirst, pageSize: 49 as const };
  const stage = stageOf(sight([me, ...others(60)], { viewing, area: { width: 800, height: 400 } }));
  expect(stage.onPage).toBeLessThan(49);
  expect(stage.seats).toHaveLength(stage.onPage);
  expect(stage.seats.at(-1)?.id).toBe("me");
  expect(stage.order.indexOf("me")).toBe(stage.onPage - 1);
});

test("beside a shared screen too, where the strip holds four", () => {
  const rest = others(9).slice(1);
  const stage = stageOf(sight([me, { ...someone("p0"), screen: true }, ...rest]));
  expect(stage.kind).toBe("share");
  expect(stage.seats.map(({ id }) => id)).toEqual(["p0", "p1", "p2", "me"]);
});

test("in speaker view whoever speaks comes first, and oneself is in the strip of page one", () => {
  const viewing = { ...viewingAtFirst, view: "speaker" as const };
  const stage = stageOf(sight([me, ...others(9)], { viewing, speaker: "p5" }));
  expect(stage.order.slice(0, 2)).toEqual(["p5", "p0"]);
  expect(stage.order.indexOf("me")).toBe(stage.onPage - 1);
});

test("who hides themselves has no seat to keep; who is alone is seen in any case", () => {
  const viewing = { ...viewingAtFirst, hideSelf: true, pinned: ["p0"] };
  const people = [me, ...others(2)];
  expect(stageOf(sight(people, { viewing })).order).toEqual(["p0", "p1"]);
  expect(fixedOf(people, viewing)).toEqual(["p0"]);
  expect(stageOf(sight([me], { viewing })).order).toEqual(["me"]);
});

test("without faces only those with a picture, the pinned and what is no person are left, and never nobody", () => {
  const faceless = [someone("dark", { camera: false }), someone("bot", { camera: false, role: "service" })];
  const viewing = { ...viewingAtFirst, hideFaceless: true };
  expect(stageOf(sight([me, someone("ann"), ...faceless], { viewing })).order).toEqual(["ann", "bot", "me"]);
  const pinned = { ...viewing, pinned: ["dark"] };
  expect(stageOf(sight([me, someone("ann"), ...faceless], { viewing: pinned })).order[0]).toBe("dark");
  expect(stageOf(sight([me, someone("dark", { camera: false })], { viewing })).order).toContain("dark");
});

test("above a sheet there is whoever speaks, or somebody else than oneself", () => {
  expect(stageOf(sight([me, ...others(3)], { isMini: true, speaker: "p2" })).seats[0]?.id).toBe("p2");
  expect(stageOf(sight([me, ...others(3)], { isMini: true })).seats[0]?.id).toBe("p0");
  expect(stageOf(sight([me], { isMini: true })).seats[0]?.id).toBe("me");
});

test("the spotlight is for all and comes after what I have pinned myself", () => {
  const viewing = { ...viewingAtFirst, pinned: ["p2"] };
  expect(withSpotlight(viewing, ["p3", "p2", "p1"]).pinned).toEqual(["p2", "p3", "p1"]);
  expect(withSpotlight(viewing, [])).toBe(viewing);
});

test("of several shares the newest two are seen, or the one that was chosen, as long as it lasts", () => {
  const people = [me, ...["p0", "p1", "p2"].map((id) => someone(id, { screen: true }))];
  const contents = (share: string | null): string[] =>
    stageOf(sight(people, { viewing: { ...viewingAtFirst, share } })).contents.map(({ id }) => id);
  expect(contents(null)).toEqual(["p1", "p2"]);
  expect(contents("p0")).toEqual(["p0"]);
  expect(contents("gone")).toEqual(["p1", "p2"]);
});

test("a pin beside three who share is first in the strip, and takes nothing from what is shared", () => {
  const people = [
    me,
    ...["p0", "p1", "p2"].map((id) => someone(id, { screen: true })),
    ...others(12).slice(3),
  ];
  for (const area of [
    { width: 1334, height: 596 },
    { width: 390, height: 640 },
  ]) {
    const viewing = { ...viewingAtFirst, pinned: ["p9"] };
    const stage = stageOf(sight(people, { viewing, area, isPhone: area.width < 600 }));
    expect(stage.contents.map(({ id }) => id)).toEqual(["p1", "p2"]);
    expect(stage.seats[0]?.id).toBe("p9");
  }
});

test("a newcomer sees shares in the order in which they began, as everybody does", () => {
  const people = [3, 1, 2].map((screenSince, at) => someone(`p${at}`, { screen: true, screenSince }));
  expect(sharing([], [me, ...people])).toEqual(["p1", "p2", "p0"]);
});

test("who began to share last is last, whenever they came", () => {
  const [first, second, third] = [0, 1, 2].map((at) => someone(`p${at}`, { screen: true })) as [
    Visible,
    Visible,
    Visible,
  ];
  const quiet = someone("p0");
  const later = sharing(sharing([], [me, quiet, second, third]), [me, first, second, third]);
  expect(later).toEqual(["p1", "p2", "p0"]);
  expect(sharing(later, [me, first, second, third])).toBe(later);
  expect(sharing(later, [{ ...me, screen: true }, first, third])).toEqual(["p2", "p0"]);
});
