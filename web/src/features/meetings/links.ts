/** Of a link of ours, so that what is copied in the meeting leads in too. The address in it is the server's own word for itself. */
export function pathOf(link: string | null, number: string): string {
  if (link === null || !URL.canParse(link)) return `/m/${number}`;
  const { pathname, hash } = new URL(link);
  return pathname.startsWith("/m/") ? pathname + hash : `/m/${number}`;
}
