/** Whether an answer is one of ours: every field that the server promises is there and of its kind. Pure. */
export type Shape =
  { readonly [field: string]: "string" | "number" | "boolean" | Shape } | readonly [Shape] | "nothing";

export function fits(value: unknown, shape: Shape): boolean {
  if (shape === "nothing") return true;
  if (isList(shape)) return Array.isArray(value) && value.every((each) => fits(each, shape[0]));
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, kind]) =>
    typeof kind === "string" && kind !== "nothing" ? typeof fields[name] === kind : fits(fields[name], kind),
  );
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}
