/** What is fetched for an address: its code by an `import()`, its sentences with its catalog, at once. */
import { type ComponentType, createElement } from "react";

import { Chunk } from "../core/chunk";
import type { Entry } from "../i18n/catalogs";
import { openCatalog } from "../i18n/i18n";

export type Params = Readonly<Record<string, string | undefined>>;
export type Drawn = ComponentType<{ params: Params }>;
export type PageChunk = Chunk<Drawn>;

export interface Row {
  /** As wouter reads it. */
  path: string;
  page: PageChunk;
}

/** By its first word, before anything is drawn: the router decides for good. */
export function rowFor(rows: readonly Row[], pathname: string): Row | undefined {
  return rows.find(({ path }) => path.split("/")[1] === pathname.split("/")[1]);
}

export function page(entry: Entry, load: () => Promise<Drawn>): PageChunk {
  return new Chunk(async () => {
    const [drawn] = await Promise.all([load(), openCatalog(entry), openCatalog("refused")]);
    return drawn;
  });
}

/** Over home, whoever one is. */
export const announced = new Chunk(async () => (await import("./announced")).Announced);

/** A page of who is signed in, in their frame. Whoever isn't signed in is asked to be, and comes back. */
export function inside(entry: Entry, load: () => Promise<Drawn>): PageChunk {
  return new Chunk(async () => {
    const [drawn, { Inside }] = await Promise.all([
      load(),
      import("./inside"),
      openCatalog(entry),
      openCatalog("frame"),
      openCatalog("refused"),
    ]);
    return ({ params }: { params: Params }) => createElement(Inside, null, createElement(drawn, { params }));
  });
}
