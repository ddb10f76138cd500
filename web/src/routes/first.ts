/** What everybody comes for is in the shell itself: split off, it would cost a round trip and save 3 kB. */
import { Chunk } from "../core/chunk";

import { HomeRoute } from "./HomePage";
import { MeetingRoute } from "./MeetingPage";
import { page, type Row, rowFor } from "./page";

export const first: readonly Row[] = [
  { path: "/", page: page("shell", async () => HomeRoute) },
  { path: "/m/:number", page: page("shell", async () => MeetingRoute) },
];

/** All other addresses, in `table.ts`. */
export const elsewhere = new Chunk(async () => (await import("./elsewhere")).Elsewhere);

/** The page of this address is on its way before anything is drawn. */
export function preload(pathname: string): void {
  const row = rowFor(first, pathname);
  if (row) row.page.preload();
  else elsewhere.preload();
}
