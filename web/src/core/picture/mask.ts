/** Where the person is, as the transparency of a small picture. Pure. */

/** Below the first nobody is there, above the second somebody is; between them it fades. */
const NOBODY = 0.3;
const SOMEBODY = 0.7;
/** What of the last mask stays: an edge that trembles is seen more than one that lags. */
const KEEPS = 0.35;

/** @param alphas of the last mask, changed in place @param certainties that a point belongs to a person, 0 to 1 */
export function blend(alphas: Uint8ClampedArray, certainties: Float32Array): void {
  for (let index = 0; index < certainties.length; index += 1) {
    const fresh = 255 * smooth((certainties[index] ?? 0) - NOBODY);
    // Each point is four bytes, the last of which is how opaque it is.
    const place = index * 4 + 3;
    alphas[place] = (alphas[place] ?? 0) * KEEPS + fresh * (1 - KEEPS);
  }
}

function smooth(above: number): number {
  const x = Math.min(1, Math.max(0, above / (SOMEBODY - NOBODY)));
  return x * x * (3 - 2 * x);
}
