/** Of a link of ours, so that what is copied in the meeting leads in too. */
export function pathOf(link: string | null, number: string, origin: string): string {
  return link?.startsWith(`${origin}/`) ? link.slice(origin.length) : `/m/${number}`;
}
