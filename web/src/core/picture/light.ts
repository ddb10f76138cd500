/** How much a dark picture is lifted. Pure; it follows slowly, so that nobody flickers. */

/** A face is read well from here on; below, as much is added as is missing. */
const BRIGHT = 0.42;
const MOST = 0.85;
const FOLLOWS = 0.08;

/** @param pixels red, green, blue, opacity @returns 0 (black) to 1 (white) */
export function brightness(pixels: Uint8ClampedArray): number {
  let sum = 0;
  let count = 0;
  // Every eighth point says as much.
  for (let at = 0; at + 2 < pixels.length; at += 32) {
    sum += 0.2126 * (pixels[at] ?? 0) + 0.7152 * (pixels[at + 1] ?? 0) + 0.0722 * (pixels[at + 2] ?? 0);
    count += 1;
  }
  return count === 0 ? 1 : sum / count / 255;
}

/** @returns how strongly the picture is laid over itself, 0 to 1 */
export function lifted(before: number, bright: number): number {
  const wanted = Math.min(MOST, Math.max(0, (BRIGHT - bright) / (BRIGHT * 0.6)));
  return before + (wanted - before) * FOLLOWS;
}
