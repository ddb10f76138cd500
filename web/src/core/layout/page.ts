/** How many tiles one page holds: as many as the person asked for, as long as a face can still be read. */
import { type Area, grid, type Shape } from "./tiles";

export const pageChoices = [9, 16, 25, 49] as const;
export type PageChoice = (typeof pageChoices)[number];

export interface PageRule {
  most: number;
  narrowestTile: number;
}

export const phonePage: PageRule = { most: 8, narrowestTile: 150 };

export function desktopPage(most: PageChoice): PageRule {
  return { most, narrowestTile: 176 };
}

/** At least one, however small the window. */
export function pageSize(area: Area, shape: Shape, { most, narrowestTile }: PageRule): number {
  for (let count = most; count > 1; count -= 1) {
    if (grid(area, count, shape).tile.width >= narrowestTile) return count;
  }
  return 1;
}

export function pageCount(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}
