/**
 * Whether somebody comes back from a page of the provider's: having finished there, or not, or having looked at ways to pay.
 * It says nothing about money.
 */
export function returned(search: string): "done" | "back" | "looked" | null {
  const said = new URLSearchParams(search).get("payment");
  return said === "done" || said === "back" || said === "looked" ? said : null;
}
