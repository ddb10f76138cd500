/**
 * How long to wait before the next try. The first ones come quickly, because most losses are a blip or a
 * restart; all are spread out, because everybody in a meeting loses the server at the same moment.
 */
const FIRST_TRIES = 8;
const LONGEST_MS = 5000;

/** @param failures tries that have failed since the connection last worked  @param random 0 ≤ random < 1 */
export function backoff(failures: number, random: number): number {
  if (failures === 0) return Math.round(random * 250);
  if (failures < FIRST_TRIES) return Math.round(250 + random * 750);
  const ceiling = Math.min(LONGEST_MS, 1000 * 1.5 ** (failures - FIRST_TRIES + 1));
  return Math.round(ceiling * (0.5 + random / 2));
}

/** How long one try may take: short at first (a cut network swallows it), longer for slow ones. */
export function patience(failures: number): number {
  return Math.min(12_000, 2500 * 1.5 ** failures);
}
