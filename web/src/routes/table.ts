/**
 * Every address of the page and what is fetched for it. An entry that is not open costs nothing: its code comes with
 * the address, by an `import()` here, its sentences with its catalog (tools/catalogs.js).
 */
import type { ComponentType } from "react";

import { Chunk } from "../core/chunk";
import type { Entry } from "../i18n/catalogs";
import { openCatalog } from "../i18n/i18n";

import { HomePage } from "./HomePage";
import { MeetingRoute } from "./MeetingPage";

export type Params = Readonly<Record<string, string | undefined>>;
export type PageChunk = Chunk<ComponentType<{ params: Params }>>;

export interface Row {
  /** As wouter reads it. */
  path: string;
  page: PageChunk;
}

export const routes: readonly Row[] = [
  // What everybody comes for is in the shell itself: split off, it would cost a round trip and save 3 kB.
  { path: "/", page: page("shell", async () => HomePage) },
  { path: "/m/:number", page: page("shell", async () => MeetingRoute) },
];

/** By its first word, before anything is drawn: the router decides for good. */
export function rowFor(pathname: string): Row | undefined {
  return routes.find(({ path }) => path.split("/")[1] === pathname.split("/")[1]);
}

function page(entry: Entry, load: () => Promise<ComponentType<{ params: Params }>>): PageChunk {
  return new Chunk(async () => {
    const [drawn] = await Promise.all([load(), openCatalog(entry)]);
    return drawn;
  });
}
