/**
 * The stage: who and what is drawn where. Pure. The rectangles are relative to the stage's own area.
 *
 * - Auto: a share takes the stage; two people see each other, oneself floats; else everybody sits in the gallery.
 * - Shared content keeps at least three quarters of the stage's width, and nothing is drawn on it.
 */
import { pageCount, type PageRule, pageSize } from "./page";
import { withSelf } from "./seats";
import { type Area, fit, grid, type Grid, place, type Rect, regrid, type Shape } from "./tiles";

export type View = "auto" | "gallery" | "speaker";

export interface Scene {
  area: Area;
  shape: Shape;
  /** A phone: self floats small, strips are low. */
  isPhone: boolean;
  view: View;
  /** Whose shared content there is, oldest first; of many the last ones are shown. */
  shares: readonly string[];
  /** The others' ids in seat order. */
  order: readonly string[];
  /** Undefined when one does not want to see oneself. */
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
  /** Everybody in the order of their tiles, of which the first page holds so many. */
  order: readonly string[];
  onPage: number;
}

const PAGER = 24;
const MOST_CONTENTS = 2;

export function arrange(scene: Scene): Arrangement {
  const { order, self, shares, view } = scene;
  const isCompany = order.length + (self === undefined ? 0 : 1) > 1;
  if (shares.length > 0) return share(scene);
  if (view === "speaker" && isCompany) return speaker(scene);
  if (view === "auto" && order.length === 1 && self !== undefined) return two(scene, self);
  return gallery(scene);
}

function gallery(scene: Scene): Arrangement {
  const { area, shape, self, rule, before } = scene;
  const whole = pageSize(area, shape, rule);
  const people = scene.order.length + (self === undefined ? 0 : 1);
  const isPaged = people > whole;
  const room = isPaged ? { width: area.width, height: area.height - PAGER - shape.gap } : area;
  const size = isPaged ? pageSize(room, shape, rule) : whole;
  const order = withSelf(scene.order, self, size);
  const pages = pageCount(people, size);
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
    order,
    onPage: size,
  };
}

function two({ area, shape, isPhone, order, corner = "bottom-right" }: Scene, self: string): Arrangement {
  const { tile } = grid(area, 1, shape);
  const large = centred(area, tile);
  const float = isPhone ? { width: 96, height: 128 } : { width: 240, height: 135 };
  const inset = isPhone ? 8 : 16;
  const small: Rect = {
    x: corner.endsWith("left") ? large.x + inset : large.x + large.width - inset - float.width,
    y: corner.startsWith("top") ? large.y + inset : large.y + large.height - inset - float.height,
    ...float,
  };
  const seats: Seat[] = order.map((id) => ({ id, rect: large, look: "lead" }));
  return {
    kind: "two",
    seats: [...seats, { id: self, rect: small, look: "float" }],
    contents: [],
    pager: undefined,
    grid: undefined,
    order: [...order, self],
    onPage: 2,
  };
}

function speaker(scene: Scene): Arrangement {
  const lead = leadOf(scene);
  const isSelf = lead === scene.self;
  const rest = scene.order.filter((id) => id !== lead);
  const { content, seats, pager, order, onPage } = beside(scene, rest, isSelf ? undefined : scene.self);
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
    order: lead === undefined ? order : [lead, ...order],
    onPage: onPage + 1,
  };
}

/** Until somebody speaks it is somebody else than oneself. */
function leadOf({ lead, order, self }: Scene): string | undefined {
  const isHere = lead !== undefined && (order.includes(lead) || lead === self);
  return isHere ? lead : (order[0] ?? self);
}

function share(scene: Scene): Arrangement {
  const shown = scene.shares.slice(-MOST_CONTENTS);
  const { content, seats, pager, order, onPage } = beside(scene, scene.order, scene.self);
  // Side by side, or one above the other where that makes them larger.
  const isTall = content.height > content.width;
  const [along, from] = isTall ? (["height", "y"] as const) : (["width", "x"] as const);
  const size = Math.floor((content[along] - (shown.length - 1) * scene.shape.gap) / shown.length);
  const contents = shown.map((id, index) => ({
    id,
    rect: { ...content, [along]: size, [from]: content[from] + index * (size + scene.shape.gap) },
  }));
  return { kind: "share", seats, contents, pager, grid: undefined, order, onPage };
}

interface Beside {
  content: Rect;
  seats: Seat[];
  pager: Arrangement["pager"];
  order: readonly string[];
  onPage: number;
}

/** Content large, people in a strip: to the right where the stage is wide, on top where it is not. */
function beside(scene: Scene, others: readonly string[], self: string | undefined): Beside {
  return scene.area.width >= 900 || (scene.isPhone && scene.area.width > scene.area.height)
    ? rightStrip(scene, others, self)
    : topStrip(scene, others, self);
}

function rightStrip(
  { area, shape, page: wanted }: Scene,
  others: readonly string[],
  self: string | undefined,
): Beside {
  const people = others.length + (self === undefined ? 0 : 1);
  const width = Math.min(240, Math.floor(area.width / 4) - shape.gap);
  const height = Math.floor((width * 9) / 16);
  const left = area.width - width;
  const all = Math.floor((area.height + shape.gap) / (height + shape.gap));
  const isPaged = people > all;
  const size = isPaged
    ? Math.max(1, Math.floor((area.height - PAGER) / (height + shape.gap)))
    : Math.max(1, people);
  const order = withSelf(others, self, size);
  const pages = pageCount(people, size);
  const page = Math.min(wanted, pages - 1);
  const seats = order.slice(page * size, (page + 1) * size).map((id, index): Seat => {
    const rect = { x: left, y: index * (height + shape.gap), width, height };
    return { id, rect, look: "strip" };
  });
  return {
    content: { x: 0, y: 0, width: left - shape.gap, height: area.height },
    seats,
    pager: isPaged
      ? { rect: { x: left, y: area.height - PAGER, width, height: PAGER }, page, pages }
      : undefined,
    order,
    onPage: size,
  };
}

function topStrip(
  { area, shape, isPhone, page: wanted }: Scene,
  others: readonly string[],
  self: string | undefined,
): Beside {
  const people = others.length + (self === undefined ? 0 : 1);
  const height = isPhone ? 72 : 96;
  const width = Math.floor((height * 16) / 9);
  const all = Math.max(1, Math.floor((area.width + shape.gap) / (width + shape.gap)));
  const isPaged = people > all;
  const size = isPaged ? all : Math.max(1, people);
  const order = withSelf(others, self, size);
  const pages = pageCount(people, size);
  const page = Math.min(wanted, pages - 1);
  const shown = order.slice(page * size, (page + 1) * size);
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
    order,
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
