/**
 * Where tiles go. Pure, in whole pixels, without a DOM: the same area and the same count give the same
 * grid on every screen. A tile is never wider than 16:9 and never narrower than the narrowest shape allowed;
 * within that, the grid with the largest tile wins.
 */

export interface Area {
  width: number;
  height: number;
}

export interface Rect extends Area {
  x: number;
  y: number;
}

export interface Shape {
  gap: number;
  /** The narrowest tile: width divided by height. 16/9 on desktops, 3/4 on phones. */
  narrowest: number;
}

export const desktop: Shape = { gap: 8, narrowest: 16 / 9 };
export const phone: Shape = { gap: 6, narrowest: 3 / 4 };

const WIDEST = 16 / 9;

export interface Grid {
  columns: number;
  rows: number;
  tile: Area;
}

export function grid(area: Area, count: number, shape: Shape): Grid {
  let best: Grid | undefined;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    // An empty last row is another grid with fewer rows, tried on its own.
    if ((rows - 1) * columns >= count) continue;
    const candidate = { columns, rows, tile: tileIn(area, columns, rows, shape) };
    if (!best || isBetter(candidate, best, count)) best = candidate;
  }
  return best ?? { columns: 0, rows: 0, tile: { width: 0, height: 0 } };
}

/**
 * The grid again after a resize: the columns stay what they were, so that nobody's face jumps, unless
 * that would cost more than 4 % of a tile's area.
 */
export function regrid(area: Area, count: number, shape: Shape, before: Grid | undefined): Grid {
  const best = grid(area, count, shape);
  if (!before || before.columns === best.columns || before.columns < 1) return best;
  const rows = Math.ceil(count / before.columns);
  if (rows !== before.rows || (rows - 1) * before.columns >= count) return best;
  const kept = { columns: before.columns, rows, tile: tileIn(area, before.columns, rows, shape) };
  return surface(best.tile) > surface(kept.tile) * 1.04 ? best : kept;
}

/** One rectangle per tile, row by row, the whole block in the middle and the last row centred. */
export function place(area: Area, count: number, { columns, rows, tile }: Grid, gap: number): Rect[] {
  const height = rows * tile.height + (rows - 1) * gap;
  const top = Math.floor((area.height - height) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const width = inRow * tile.width + (inRow - 1) * gap;
    const left = Math.floor((area.width - width) / 2);
    return {
      x: left + (index % columns) * (tile.width + gap),
      y: top + row * (tile.height + gap),
      ...tile,
    };
  });
}

/** The largest rectangle of a ratio inside an area, in whole pixels, at the area's top left. */
export function fit(area: Area, ratio: number): Area {
  const width = Math.min(area.width, area.height * ratio);
  return { width: Math.floor(width), height: Math.floor(width / ratio) };
}

function tileIn(area: Area, columns: number, rows: number, { gap, narrowest }: Shape): Area {
  let width = Math.max(0, (area.width - (columns - 1) * gap) / columns);
  let height = Math.max(0, (area.height - (rows - 1) * gap) / rows);
  if (width / height > WIDEST) width = height * WIDEST;
  else if (width / height < narrowest) height = width / narrowest;
  return { width: Math.floor(width), height: Math.floor(height) };
}

function isBetter(candidate: Grid, best: Grid, count: number): boolean {
  const difference = surface(candidate.tile) - surface(best.tile);
  if (difference !== 0) return difference > 0;
  return candidate.columns * candidate.rows - count < best.columns * best.rows - count;
}

function surface({ width, height }: Area): number {
  return width * height;
}
