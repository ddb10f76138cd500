import { describe, expect, test } from "vitest";

import { desktopPage, pageCount, pageSize, phonePage } from "./page";
import { type Area, desktop, fit, grid, phone, place, regrid, type Shape } from "./tiles";

const window1366 = { width: 1334, height: 596 };
const panelOpen = { width: 966, height: 596 };
const window1920 = { width: 1888, height: 908 };
const portrait = { width: 374, height: 610 };
const landscape = { width: 724, height: 374 };

type Vector = [area: Area, shape: Shape, people: number, grid: string, tile: string];
const vectors: Vector[] = [
  [window1366, desktop, 1, "1×1", "1059×596"],
  [window1366, desktop, 2, "2×1", "663×372"],
  [window1366, desktop, 3, "2×2", "522×294"],
  [window1366, desktop, 5, "3×2", "439×247"],
  [window1366, desktop, 9, "3×3", "343×193"],
  [window1366, desktop, 10, "4×3", "327×184"],
  [window1366, desktop, 16, "4×4", "254×143"],
  [window1366, desktop, 25, "5×5", "200×112"],
  [window1366, desktop, 35, "7×5", "183×103"],
  [panelOpen, desktop, 2, "1×2", "522×294"],
  [panelOpen, desktop, 5, "2×3", "343×193"],
  [panelOpen, desktop, 25, "5×5", "186×105"],
  [window1920, desktop, 3, "2×2", "800×450"],
  [window1920, desktop, 49, "7×7", "218×122"],
  [portrait, phone, 1, "1×1", "374×498"],
  [portrait, phone, 2, "1×2", "374×302"],
  [portrait, phone, 3, "1×3", "354×199"],
  [portrait, phone, 4, "2×2", "184×245"],
  [portrait, phone, 8, "2×4", "184×148"],
  [landscape, phone, 2, "2×1", "359×374"],
  [landscape, phone, 4, "2×2", "327×184"],
  [landscape, phone, 8, "4×2", "176×184"],
];

describe("the grid of largest tiles", () => {
  test.each(vectors)("%o, %o: %i people sit %s at %s", (area, shape, people, wanted, tile) => {
    const found = grid(area, people, shape);
    expect(`${found.columns}×${found.rows}`).toBe(wanted);
    expect(`${found.tile.width}×${found.tile.height}`).toBe(tile);
  });

  test("an empty room has no grid and a window without height no negative tile", () => {
    expect(grid(window1366, 0, desktop)).toEqual({ columns: 0, rows: 0, tile: { width: 0, height: 0 } });
    const found = grid({ width: 300, height: 0 }, 30, desktop);
    expect(found.tile.height).toBe(0);
    expect(found.tile.width).toBeGreaterThanOrEqual(0);
  });
});

describe("resizing", () => {
  test("columns stay when another grid would win by less than 4 %", () => {
    const before = grid({ width: 1000, height: 596 }, 2, desktop);
    for (let width = 1000; width > 600; width -= 10) {
      const kept = regrid({ width, height: 596 }, 2, desktop, before);
      const best = grid({ width, height: 596 }, 2, desktop);
      const gain = (best.tile.width * best.tile.height) / (kept.tile.width * kept.tile.height);
      expect(gain).toBeLessThanOrEqual(1.04);
    }
  });

  test("a much better grid is taken at once", () => {
    const before = grid(window1366, 2, desktop);
    expect(regrid(panelOpen, 2, desktop, before).columns).toBe(1);
  });

  test("another count forgets the old columns", () => {
    const before = grid(window1366, 9, desktop);
    expect(regrid(window1366, 10, desktop, before)).toEqual(grid(window1366, 10, desktop));
  });
});

describe("placing", () => {
  test("the last row is centred and nothing leaves the area or meets its neighbour", () => {
    const found = grid(window1366, 5, desktop);
    const rects = place(window1366, 5, found, desktop.gap);
    const [first, , third, fourth, fifth] = rects;
    expect(first?.x).toBe(0);
    expect((third?.x ?? 0) + (third?.width ?? 0)).toBeLessThanOrEqual(window1366.width);
    expect(fourth?.x).toBe(Math.floor((window1366.width - 2 * 439 - 8) / 2));
    expect((fifth?.x ?? 0) - (fourth?.x ?? 0)).toBe(439 + 8);
    for (const rect of rects) {
      expect(Object.values(rect).every((value) => Number.isInteger(value))).toBe(true);
      expect(rect.y + rect.height).toBeLessThanOrEqual(window1366.height);
    }
  });

  test("a picture is fitted whole", () => {
    expect(fit({ width: 1059, height: 596 }, 4 / 3)).toEqual({ width: 794, height: 596 });
  });
});

describe("a page", () => {
  test("holds what can be read: 35, 25 with the panel, 49 on a large screen", () => {
    expect(pageSize(window1366, desktop, desktopPage(49))).toBe(35);
    expect(pageSize(panelOpen, desktop, desktopPage(49))).toBe(25);
    expect(pageSize(window1920, desktop, desktopPage(49))).toBe(49);
    expect(pageSize(window1366, desktop, desktopPage(25))).toBe(25);
  });

  test("holds eight on a phone and one in a tiny window", () => {
    expect(pageSize(portrait, phone, phonePage)).toBe(8);
    expect(pageSize(landscape, phone, phonePage)).toBe(8);
    expect(pageSize({ width: 120, height: 90 }, desktop, desktopPage(25))).toBe(1);
  });

  test("there is always one", () => {
    expect(pageCount(0, 25)).toBe(1);
    expect(pageCount(26, 25)).toBe(2);
  });
});
