import { describe, expect, test } from "vitest";

import { arrange, type Scene } from "./arrange";
import { desktopPage, phonePage } from "./page";
import { desktop, phone } from "./tiles";

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);

function scene(change: Partial<Scene> = {}): Scene {
  return {
    area: { width: 1334, height: 596 },
    shape: desktop,
    isPhone: false,
    view: "auto",
    shares: [],
    order: ["ann"],
    self: "me",
    lead: undefined,
    page: 0,
    rule: desktopPage(25),
    before: undefined,
    ...change,
  };
}

describe("auto", () => {
  test("two people: the other fills the stage, oneself floats in its corner", () => {
    const found = arrange(scene());
    expect(found.kind).toBe("two");
    expect(found.seats).toEqual([
      { id: "ann", look: "lead", rect: { x: 137, y: 0, width: 1059, height: 596 } },
      { id: "me", look: "float", rect: { x: 940, y: 445, width: 240, height: 135 } },
    ]);
  });

  test("oneself floats in any corner of the other's picture", () => {
    const at = (corner: NonNullable<Scene["corner"]>) => arrange(scene({ corner })).seats[1]?.rect;
    expect(at("top-left")).toEqual({ x: 153, y: 16, width: 240, height: 135 });
    expect(at("bottom-left")).toMatchObject({ x: 153, y: 445 });
    expect(at("top-right")).toMatchObject({ x: 940, y: 16 });
  });

  test("alone, or with self view off, the one left has the whole stage", () => {
    expect(arrange(scene({ order: [] })).seats[0]?.rect.width).toBe(1059);
    expect(arrange(scene({ order: ["ann"], self: undefined })).kind).toBe("gallery");
  });

  test("two on a phone", () => {
    const found = arrange(
      scene({ area: { width: 374, height: 610 }, shape: phone, isPhone: true, rule: phonePage }),
    );
    expect(found.seats[0]?.rect).toEqual({ x: 0, y: 56, width: 374, height: 498 });
    expect(found.seats[1]?.rect).toMatchObject({ width: 96, height: 128 });
  });

  test("three people sit in the gallery", () => {
    expect(arrange(scene({ order: people(2) })).kind).toBe("gallery");
  });
});

describe("a share", () => {
  test("has the left margin and three quarters; four tiles and a pager fill the strip", () => {
    const found = arrange(scene({ order: people(10), shares: ["p0"] }));
    expect(found.contents).toEqual([{ id: "p0", rect: { x: 0, y: 0, width: 1086, height: 596 } }]);
    expect(found.seats.map(({ rect }) => [rect.x, rect.y, rect.width, rect.height])).toEqual([
      [1094, 0, 240, 135],
      [1094, 143, 240, 135],
      [1094, 286, 240, 135],
      [1094, 429, 240, 135],
    ]);
    expect(found.pager).toEqual({ rect: { x: 1094, y: 572, width: 240, height: 24 }, page: 0, pages: 3 });
  });

  test("keeps three quarters with the panel open, and goes below the people when narrow", () => {
    const open = arrange(scene({ area: { width: 966, height: 596 }, order: people(2), shares: ["p0"] }));
    expect(open.contents[0]?.rect.width).toBeGreaterThanOrEqual(966 * 0.75 - 8);
    const narrow = arrange(scene({ area: { width: 700, height: 500 }, order: people(2), shares: ["p0"] }));
    expect(narrow.contents[0]?.rect).toEqual({ x: 0, y: 104, width: 700, height: 396 });
  });

  test("two shares stand side by side", () => {
    const found = arrange(scene({ order: people(2), shares: ["p0", "p1"] }));
    expect(found.contents.map(({ rect }) => rect.x)).toEqual([0, 547]);
  });

  test("two shares stand one above the other where that makes them larger", () => {
    const area = { width: 374, height: 690 };
    const found = arrange(scene({ area, isPhone: true, order: people(2), shares: ["p0", "p1"] }));
    expect(found.contents.map(({ rect }) => [rect.y, rect.width, rect.height])).toEqual([
      [80, 374, 285],
      [373, 374, 285],
    ]);
  });

  test("of three the last two are shown", () => {
    const found = arrange(scene({ order: people(3), shares: ["p1", "p2", "p0"] }));
    expect(found.contents.map(({ id }) => id)).toEqual(["p2", "p0"]);
  });
});

describe("speaker view", () => {
  test("the speaker is large, the others in the strip", () => {
    const found = arrange(scene({ view: "speaker", order: people(4), self: "p4", lead: "p2" }));
    expect(found.seats[0]).toMatchObject({ id: "p2", look: "lead" });
    expect(found.seats.slice(1).map(({ id }) => id)).toEqual(["p0", "p1", "p3", "p4"]);
  });

  test("until somebody speaks it is somebody else than oneself", () => {
    const found = arrange(scene({ view: "speaker", order: ["ann", "bo"], lead: "gone" }));
    expect(found.seats[0]?.id).toBe("ann");
  });
});

describe("the gallery", () => {
  test("turns pages, keeps the tile size on the last one and survives a page that is gone", () => {
    const first = arrange(scene({ view: "gallery", order: people(29) }));
    expect(first.pager).toMatchObject({ page: 0, pages: 2 });
    expect(first.seats).toHaveLength(first.onPage);
    const last = arrange(scene({ view: "gallery", order: people(29), page: 9 }));
    expect(last.pager).toMatchObject({ page: 1 });
    expect(last.seats).toHaveLength(30 - first.onPage);
    expect(last.seats[0]?.rect.width).toBe(first.seats[0]?.rect.width);
    const lowest = Math.max(...first.seats.map(({ rect }) => rect.y + rect.height));
    expect(lowest).toBeLessThanOrEqual((first.pager?.rect.y ?? 0) - desktop.gap);
  });
});
