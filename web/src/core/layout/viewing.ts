/**
 * What one person sees of everybody: who is there, what was chosen, how large the stage is, in; who is drawn where, out.
 * Pure. What is chosen here is never sent anywhere.
 */
import { arrange, type Arrangement, type Corner, type View } from "./arrange";
import { desktopPage, type PageChoice, phonePage } from "./page";
import { seatOrder, type Seats } from "./seats";
import { type Area, desktop, type Grid, phone } from "./tiles";

export interface Viewing {
  view: View;
  pinned: readonly string[];
  hideSelf: boolean;
  /** In the gallery, only people with a picture. */
  hideFaceless: boolean;
  /** Where one's own picture floats when there are two. */
  corner: Corner;
  pageSize: PageChoice;
  page: number;
  shareSize: "fit" | "actual";
  /** Whose shared content is seen alone; null = the two that began last. */
  share: string | null;
  /** Whose loudness is being changed. */
  louder: string | null;
}

export const viewingAtFirst: Viewing = {
  view: "auto",
  pinned: [],
  hideSelf: false,
  hideFaceless: false,
  corner: "bottom-right",
  pageSize: 25,
  page: 0,
  shareSize: "fit",
  share: null,
  louder: null,
};

/** What of a person matters for where they sit. */
export interface Visible {
  id: string;
  self: boolean;
  role: string;
  camera: boolean;
  screen: boolean;
  /** When what they share began, by the server's clock; of whom one has seen begin it doesn't matter. */
  screenSince?: number;
}

export interface Sight {
  people: readonly Visible[];
  seats: Seats;
  viewing: Viewing;
  area: Area;
  isPhone: boolean;
  /** The stage is no more than whoever speaks, above a sheet or below what has the stage. */
  isMini: boolean;
  /** Who shares, by `sharing`. */
  sharers: readonly string[];
  /** Who spoke last. */
  speaker: string | undefined;
  before: Grid | undefined;
}

export function stageOf(sight: Sight): Arrangement {
  const { people, seats, viewing, area, isPhone, isMini, sharers, speaker, before } = sight;
  const { pinned, hideFaceless, view, corner, page, pageSize } = viewing;
  const self = selfOf(people, viewing);
  const lead = pinned[0] ?? speaker;
  const seated = seatOrder(seats, pinned);
  const order = hideFaceless ? withFaces(seated, people, pinned) : seated;
  if (isMini) return mini(order, lead, self);
  const { share } = viewing;
  const shares = share !== null && sharers.includes(share) ? [share] : sharers;
  const rule = isPhone ? phonePage : desktopPage(pageSize);
  const shape = isPhone ? phone : desktop;
  return arrange({ area, shape, isPhone, view, shares, order, self, lead, corner, page, rule, before });
}

/** Who else shares, in the order in which they began: who comes later has it from the server, who was there has seen it. */
export function sharing(before: readonly string[], people: readonly Visible[]): readonly string[] {
  const now = people
    .filter(({ screen, self }) => screen && !self)
    .sort((one, other) => (one.screenSince ?? 0) - (other.screenSince ?? 0))
    .map(({ id }) => id);
  const kept = before.filter((id) => now.includes(id));
  const after = [...kept, ...now.filter((id) => !kept.includes(id))];
  return after.join() === before.join() ? before : after;
}

/** What I have pinned is mine to see first; then who has the spotlight, for all and in its order. */
export function withSpotlight(viewing: Viewing, spotlight: readonly string[]): Viewing {
  if (spotlight.length === 0) return viewing;
  return { ...viewing, pinned: [...new Set([...viewing.pinned, ...spotlight])] };
}

/** Who keeps their seat, whoever speaks. */
export function fixedOf(people: readonly Visible[], viewing: Viewing): readonly string[] {
  const self = selfOf(people, viewing);
  return self === undefined ? viewing.pinned : [...viewing.pinned, self];
}

/** Who is alone sees themselves, or the room would be empty. */
function selfOf(people: readonly Visible[], { hideSelf }: Viewing): string | undefined {
  return hideSelf && people.length > 1 ? undefined : people.find(({ self }) => self)?.id;
}

/** Whatever can hear and is no person stays; so does everybody, when nobody has a picture. */
function withFaces(
  order: readonly string[],
  people: readonly Visible[],
  pinned: readonly string[],
): readonly string[] {
  const shown = new Set(people.flatMap(({ id, camera, role }) => (camera || role === "service" ? id : [])));
  const kept = order.filter((id) => shown.has(id) || pinned.includes(id));
  return kept.length > 0 ? kept : order;
}

/** Whoever speaks, 142×80. */
function mini(order: readonly string[], lead: string | undefined, self: string | undefined): Arrangement {
  const id = lead !== undefined && order.includes(lead) ? lead : (order[0] ?? self);
  const rect = { x: 0, y: 0, width: 142, height: 80 };
  return {
    kind: "speaker",
    seats: id === undefined ? [] : [{ id, rect, look: "grid" }],
    contents: [],
    pager: undefined,
    grid: undefined,
    order,
    onPage: Number.POSITIVE_INFINITY,
  };
}
