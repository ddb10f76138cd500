/** Which rows of a long list are drawn: heights and what is in sight go in, a range comes out. Pure. */

/** From the first one drawn to the one after the last. */
export interface Range {
  from: number;
  to: number;
}

/** Where each row begins, and after the last one where the list ends. */
export function topsOf(count: number, heightOf: (index: number) => number): Float64Array {
  const tops = new Float64Array(count + 1);
  for (let index = 0; index < count; index += 1) tops[index + 1] = (tops[index] ?? 0) + heightOf(index);
  return tops;
}

/** The row at this height; the first or the last one where there is none. */
export function rowAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Every row that touches the span from `top` to `bottom`. */
export function inSight(tops: Float64Array, top: number, bottom: number): Range {
  const count = tops.length - 1;
  const end = tops[count] ?? 0;
  if (count === 0 || bottom <= 0 || top >= end) return { from: 0, to: 0 };
  return { from: rowAt(tops, top), to: rowAt(tops, bottom) + 1 };
}
