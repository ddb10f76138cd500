/**
 * Who sits where. Seats are kept: people sit in the order they came, a leaver's seat is taken by the last
 * tile, a camera coming on moves nobody. The one exception: somebody off the first page who speaks for
 * 1.5 s swaps with whoever on it has been silent longest, at most once in 2 s.
 */

export interface Seats {
  /** Ids in seat order, without oneself: the last seat of page one is theirs, see `withSelf`. */
  order: readonly string[];
  /** Since when somebody speaks; absent = silent. */
  speakingSince: Readonly<Record<string, number>>;
  /** When somebody was last heard; absent = never. */
  heardAt: Readonly<Record<string, number>>;
  swappedAt: number;
}

export const emptySeats: Seats = {
  order: [],
  speakingSince: {},
  heardAt: {},
  swappedAt: Number.NEGATIVE_INFINITY,
};

const SPEAKS_LONG_ENOUGH_MS = 1500;
const BETWEEN_SWAPS_MS = 2000;

/** The people of now, in the order they came. New ones sit down last; the last one fills a leaver's seat. */
export function seated(seats: Seats, present: readonly string[]): Seats {
  const here = new Set(present);
  const known = new Set(seats.order);
  const fresh = present.filter((id) => !known.has(id));
  if (fresh.length === 0 && seats.order.every((id) => here.has(id))) return seats;
  const order = [...seats.order];
  for (let index = 0; index < order.length;) {
    if (here.has(order[index] ?? "")) {
      index += 1;
      continue;
    }
    const last = order.pop();
    if (last !== undefined && index < order.length) order[index] = last;
  }
  return { ...seats, order: [...order, ...fresh] };
}

/** Everybody who speaks at this moment. */
export function heard(seats: Seats, speaking: readonly string[], now: number): Seats {
  const speakingSince: Record<string, number> = {};
  const heardAt: Record<string, number> = { ...seats.heardAt };
  for (const id of speaking) {
    speakingSince[id] = seats.speakingSince[id] ?? now;
    heardAt[id] = now;
  }
  return { ...seats, speakingSince, heardAt };
}

/** What is drawn: ids in the order of their tiles, of which the first page holds so many. */
export interface Drawn {
  order: readonly string[];
  onPage: number;
}

/**
 * Swap at most one speaker onto the first page: who is not drawn on it, with somebody who is.
 * @param fixed ids that keep their seat: oneself and whoever is pinned
 */
export function swapped(
  seats: Seats,
  { order, onPage }: Drawn,
  fixed: readonly string[],
  now: number,
): Seats {
  if (now - seats.swappedAt < BETWEEN_SWAPS_MS) return seats;
  const speaker = order
    .slice(onPage)
    .filter((id) => !fixed.includes(id) && now - (seats.speakingSince[id] ?? now) >= SPEAKS_LONG_ENOUGH_MS)
    .sort((a, b) => (seats.speakingSince[a] ?? 0) - (seats.speakingSince[b] ?? 0))[0];
  if (speaker === undefined) return seats;
  const silent = order
    .slice(0, onPage)
    .filter((id) => !fixed.includes(id) && seats.speakingSince[id] === undefined)
    .sort((a, b) => lastHeard(seats, a) - lastHeard(seats, b))[0];
  if (silent === undefined) return seats;
  const places = seats.order.map((id) => (id === speaker ? silent : id === silent ? speaker : id));
  return { ...seats, order: places, swappedAt: now };
}

/** When to look again whether somebody has spoken for long enough; undefined = nobody off page one speaks. */
export function nextSwap(seats: Seats, { order, onPage }: Drawn): number | undefined {
  const since = order.slice(onPage).flatMap((id) => seats.speakingSince[id] ?? []);
  if (since.length === 0) return undefined;
  return Math.max(Math.min(...since) + SPEAKS_LONG_ENOUGH_MS, seats.swappedAt + BETWEEN_SWAPS_MS);
}

/** The others in the order in which their tiles are drawn: pinned first. */
export function seatOrder(seats: Seats, pinned: readonly string[]): string[] {
  const first = pinned.filter((id) => seats.order.includes(id));
  return [...first, ...seats.order.filter((id) => !first.includes(id))];
}

/** Oneself sits last on page one, whatever it holds: nobody looks for themselves on another page. */
export function withSelf(others: readonly string[], self: string | undefined, onPage: number): string[] {
  const order = [...others];
  if (self !== undefined) order.splice(Math.min(order.length, Math.max(0, onPage - 1)), 0, self);
  return order;
}

function lastHeard(seats: Seats, id: string): number {
  return seats.heardAt[id] ?? Number.NEGATIVE_INFINITY;
}
