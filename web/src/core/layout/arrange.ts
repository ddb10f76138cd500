/**
 * The stage: who and what is drawn where. Pure. The rectangles are relative to the stage's own area.
 *
 * - Auto: a share takes the stage; two people see each other, oneself floats; else everybody sits in the gallery.
 * - Shared content keeps at least three quarters of the stage's width, and nothing is drawn on it.
 */
import { pageCount, type PageRule, pageSize } from "./page";
import { type Area, fit, grid, type Grid, place, type Rect, regrid, type Shape } from "./tiles";

export type View = "auto" | "gallery" | "speaker";

export interface Scene {
  area: Area;
  shape: Shape;
  /** A phone: self floats small, strips are low. */
  isPhone: boolean;
  view: View;
  /** Whose shared content is shown, oldest first. */
  shares: readonly string[];
  /** Ids in seat order, oneself included when self view is on. */
  order: readonly string[];
  self: string | undefined;
  /** Who has the large tile in speaker view. */
  lead: string | undefined;
  /** Where oneself floats when there are two. */
  corner?: Corner;
  page: number;
  rule: PageRule;
  before: Grid | undefined;
}

/** Of the other's picture, as the eye sees it. */
export type Corner = "bottom-right" | "bottom-left" | "top-left" | "top-right";

export type Look = "grid" | "lead" | "strip" | "float";

export interface Seat {
  id: string;
  rect: Rect;
  look: Look;
}

export interface Arrangement {
  kind: "gallery" | "two" | "speaker" | "share";
  seats: readonly Seat[];
  /** Shared content by person. */
  contents: readonly { id: string; rect: Rect }[];
  pager: { rect: Rect; page: number; pages: number } | undefined;
  grid: Grid | undefined;
  /** How many seats of the order the first page holds. */
  onPage: number;
}

const PAGER = 24;
const MOST_CONTENTS = 2;

export function arrange(scene: Scene): Arrangement {
  const others = scene.order.filter((id) => id !== scene.self);
  if (scene.shares.length > 0) return share(scene);
  if (scene.view === "speaker" && scene.order.length > 1) return speaker(scene);
  if (scene.view === "auto" && others.length === 1 && scene.order.length === 2) return two(scene, others);
  return gallery(scene);
}

function gallery(scene: Scene): Arrangement {
  const { area, shape, order, rule, before } = scene;
  const whole = pageSize(area, shape, rule);
  const isPaged = order.length > whole;
  const room = isPaged ? { width: area.width, height: area.height - PAGER - shape.gap } : area;
  const size = isPaged ? pageSize(room, shape, rule) : whole;
  const pages = pageCount(order.length, size);
  const page = Math.min(scene.page, pages - 1);
  const shown = order.slice(page * size, (page + 1) * size);
  // The last page keeps the tile size of a full one, so that nobody grows by turning the page.
  const count = isPaged ? size : shown.length;
  const found = regrid(room, count, shape, before);
  const used = isPaged ? { ...found, rows: Math.ceil(shown.length / found.columns) } : found;
  const rects = place(room, shown.length, used, shape.gap);
  return {
    kind: "gallery",
    seats: shown.map((id, index) => ({ id, rect: rects[index] ?? nowhere, look: "grid" })),
    contents: [],
    pager: isPaged ? { rect: pagerBelow(area), page, pages } : undefined,
    grid: found,
    onPage: size,
  };
}

function two(
  { area, shape, isPhone, self, corner = "bottom-right" }: Scene,
  others: readonly string[],
): Arrangement {
  const { tile } = grid(area, 1, shape);
  const large = centred(area, tile);
  const float = isPhone ? { width: 96, height: 128 } : { width: 240, height: 135 };
  const inset = isPhone ? 8 : 16;
  const small: Rect = {
    x: corner.endsWith("left") ? large.x + inset : large.x + large.width - inset - float.width,
    y: corner.startsWith("top") ? large.y + inset : large.y + large.height - inset - float.height,
    ...float,
  };
  const seats: Seat[] = others.map((id) => ({ id, rect: large, look: "lead" }));
  if (self !== undefined) seats.push({ id: self, rect: small, look: "float" });
  return { kind: "two", seats, contents: [], pager: undefined, grid: undefined, onPage: 2 };
}

function speaker(scene: Scene): Arrangement {
  const { order, self } = scene;
  const lead =
    (scene.lead !== undefined && order.includes(scene.lead) ? scene.lead : undefined) ??
    order.find((id) => id !== self) ??
    order[0];
  const rest = order.filter((id) => id !== lead);
  const { content, seats, pager, onPage } = beside(scene, rest);
  const ratio = scene.isPhone ? content.width / content.height : 16 / 9;
  const size = fit(content, Math.max(ratio, scene.shape.narrowest));
  const rect = { ...size, x: content.x, y: content.y + Math.floor((content.height - size.height) / 2) };
  const large: Seat[] = lead === undefined ? [] : [{ id: lead, rect, look: "lead" }];
  return {
    kind: "speaker",
    seats: [...large, ...seats],
    contents: [],
    pager,
    grid: undefined,
    onPage: onPage + 1,
  };
}

function share(scene: Scene): Arrangement {
  const shown = scene.shares.slice(-MOST_CONTENTS);
  const { content, seats, pager, onPage } = beside(scene, scene.order);
  const width = Math.floor((content.width - (shown.length - 1) * scene.shape.gap) / shown.length);
  const contents = shown.map((id, index) => ({
    id,
    rect: { ...content, width, x: content.x + index * (width + scene.shape.gap) },
  }));
  return { kind: "share", seats, contents, pager, grid: undefined, onPage };
}

interface Beside {
  content: Rect;
  seats: Seat[];
  pager: Arrangement["pager"];
  onPage: number;
}

/** Content large, people in a strip: to the right where the stage is wide, on top where it is not. */
function beside(scene: Scene, people: readonly string[]): Beside {
  return scene.area.width >= 900 || (scene.isPhone && scene.area.width > scene.area.height)
    ? rightStrip(scene, people)
    : topStrip(scene, people);
}

function rightStrip({ area, shape, page: wanted }: Scene, people: readonly string[]): Beside {
  const width = Math.min(240, Math.floor(area.width / 4) - shape.gap);
  const height = Math.floor((width * 9) / 16);
  const left = area.width - width;
  const all = Math.floor((area.height + shape.gap) / (height + shape.gap));
  const isPaged = people.length > all;
  const size = isPaged
    ? Math.max(1, Math.floor((area.height - PAGER) / (height + shape.gap)))
    : Math.max(1, people.length);
  const pages = pageCount(people.length, size);
  const page = Math.min(wanted, pages - 1);
  const seats = people.slice(page * size, (page + 1) * size).map((id, index): Seat => {
    const rect = { x: left, y: index * (height + shape.gap), width, height };
    return { id, rect, look: "strip" };
  });
  return {
    content: { x: 0, y: 0, width: left - shape.gap, height: area.height },
    seats,
    pager: isPaged
      ? { rect: { x: left, y: area.height - PAGER, width, height: PAGER }, page, pages }
      : undefined,
    onPage: size,
  };
}

function topStrip({ area, shape, isPhone, page: wanted }: Scene, people: readonly string[]): Beside {
  const height = isPhone ? 72 : 96;
  const width = Math.floor((height * 16) / 9);
  const all = Math.max(1, Math.floor((area.width + shape.gap) / (width + shape.gap)));
  const isPaged = people.length > all;
  const size = isPaged ? all : Math.max(1, people.length);
  const pages = pageCount(people.length, size);
  const page = Math.min(wanted, pages - 1);
  const shown = people.slice(page * size, (page + 1) * size);
  const left = Math.floor((area.width - (shown.length * (width + shape.gap) - shape.gap)) / 2);
  const top = height + shape.gap;
  const below = isPaged ? PAGER + shape.gap : 0;
  return {
    content: { x: 0, y: top, width: area.width, height: Math.max(0, area.height - top - below) },
    seats: shown.map((id, index) => {
      const rect = { x: left + index * (width + shape.gap), y: 0, width, height };
      return { id, rect, look: "strip" };
    }),
    pager: isPaged ? { rect: pagerBelow(area), page, pages } : undefined,
    onPage: size,
  };
}

function pagerBelow(area: Area): Rect {
  return { x: Math.floor(area.width / 2) - 60, y: area.height - PAGER, width: 120, height: PAGER };
}

function centred(area: Area, size: Area): Rect {
  return {
    x: Math.floor((area.width - size.width) / 2),
    y: Math.floor((area.height - size.height) / 2),
    ...size,
  };
}

const nowhere: Rect = { x: 0, y: 0, width: 0, height: 0 };
