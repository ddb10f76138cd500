/**
 * Whether an answer is one of ours: every field that the server promises is there and of its kind. `[shape]` is a list,
 * `[shape, null]` may be null. Pure.
 */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  | "object"
  | "nothing"
  | { readonly [field: string]: Shape }
  | readonly [Shape]
  | readonly [Shape, null];

export function fits(value: unknown, shape: Shape): boolean {
  if (shape === "nothing") return true;
  if (shape === "object") return isRecord(value);
  if (typeof shape === "string") return typeof value === shape;
  if (isTuple(shape)) {
    if (shape.length === 2) return value === null || fits(value, shape[0]);
    return Array.isArray(value) && value.every((each) => fits(each, shape[0]));
  }
  return isRecord(value) && Object.entries(shape).every(([name, kind]) => fits(value[name], kind));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTuple(shape: Shape): shape is readonly [Shape] | readonly [Shape, null] {
  return Array.isArray(shape);
}
