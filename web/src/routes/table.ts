/**
 * Every address of the page and what is fetched for it. An entry that is not open costs nothing: its code comes with
 * the address, by an `import()` here, its sentences with its catalog (tools/catalogs.js).
 */
import { HomeRoute } from "./HomePage";
import { MeetingRoute } from "./MeetingPage";
import { inside, page, type PageChunk } from "./page";

const calendar = () => import("./calendar");

export interface Row {
  /** As wouter reads it. */
  path: string;
  page: PageChunk;
}

export const routes: readonly Row[] = [
  // What everybody comes for is in the shell itself: split off, it would cost a round trip and save 3 kB.
  { path: "/", page: page("shell", async () => HomeRoute) },
  { path: "/m/:number", page: page("shell", async () => MeetingRoute) },
  { path: "/meetings/new", page: inside("calendar", async () => (await calendar()).PlanRoute) },
  { path: "/meetings/:id/edit", page: inside("calendar", async () => (await calendar()).PlanRoute) },
  { path: "/meetings/:id", page: inside("calendar", async () => (await calendar()).MeetingRoute) },
  { path: "/answer", page: page("calendar", async () => (await calendar()).AnswerRoute) },
];

/** By its first word, before anything is drawn: the router decides for good. */
export function rowFor(pathname: string): Row | undefined {
  return routes.find(({ path }) => path.split("/")[1] === pathname.split("/")[1]);
}
