import type { Seat } from "../../core/layout/arrange";

const directions: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The tile that lies nearest in the direction of an arrow key, as the eye sees it. */
export function nearest(seats: readonly Seat[], from: string | undefined, key: string): string | undefined {
  const direction = directions[key];
  const start = seats.find(({ id }) => id === from);
  if (!direction || !start) return undefined;
  const [dx, dy] = direction;
  const [x, y] = middle(start);
  let best: { id: string; distance: number } | undefined;
  for (const seat of seats) {
    const [otherX, otherY] = middle(seat);
    const along = (otherX - x) * dx + (otherY - y) * dy;
    const across = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
    if (along <= 0) continue;
    const distance = along + 3 * across;
    // Two that lie equally far differ by a rounded pixel: then the earlier one.
    if (!best || distance < best.distance - 4) best = { id: seat.id, distance };
  }
  return best?.id;
}

function middle({ rect }: Seat): [number, number] {
  return [rect.x + rect.width / 2, rect.y + rect.height / 2];
}
