/** What one may be told at a door: fetched while prejoin is shown, and its sentences with it. */
import { Chunk } from "../core/chunk";
import { openCatalog } from "../i18n/i18n";

export const doors = new Chunk(async () => {
  const [{ Door }] = await Promise.all([import("../features/door/door"), openCatalog("door")]);
  return Door;
});

export const left = new Chunk(async () => {
  const [{ Left }] = await Promise.all([import("../features/left/door"), openCatalog("door")]);
  return Left;
});
