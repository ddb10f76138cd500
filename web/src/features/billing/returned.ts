/** Whether somebody comes back from the provider's page: having finished there, or not. It says nothing about money. */
export function returned(search: string): "done" | "back" | null {
  const said = new URLSearchParams(search).get("payment");
  return said === "done" || said === "back" ? said : null;
}
