/** Whether an answer is one of ours: every field that the server promises is there and of its kind. Pure. */
export type Shape = { readonly [field: string]: "string" | "number" | "boolean" | Shape };

export function fits(value: unknown, shape: Shape): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, kind]) =>
    typeof kind === "string" ? typeof fields[name] === kind : fits(fields[name], kind),
  );
}
