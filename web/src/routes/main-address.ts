/** Where one signs in, where the page came by an organisation's own name: there one only meets. The server writes it into the page. */
export function mainAddress(): string | null {
  return document.documentElement.dataset["main"] ?? null;
}
