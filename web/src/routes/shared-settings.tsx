/** What is the same in the room and in the settings. Its code and its words are the room's, and come when a tab wants them. */
import type { ComponentType } from "react";

import { Chunk } from "../core/chunk";
import type { Entry } from "../i18n/catalogs";
import { openCatalog } from "../i18n/i18n";

import { prefs } from "./ports";

function shared(entry: Entry, load: () => Promise<ComponentType>): Chunk<ComponentType> {
  return new Chunk(async () => {
    const [drawn] = await Promise.all([load(), openCatalog(entry)]);
    return drawn;
  });
}

export const sharedSettings = {
  devices: shared("room", async () => (await import("./OwnDevices")).OwnDevices),
  keys: shared("room", async () => (await import("./OwnKeys")).OwnKeys),
  look: shared("room", async () => {
    const { SmallChoice } = await import("../features/small/Choice");
    return () => <SmallChoice prefs={prefs} />;
  }),
  notices: shared("room", async () => {
    const { NoticeRows } = await import("../features/notices/NoticeRows");
    return () => <NoticeRows prefs={prefs} />;
  }),
  privacy: shared("privacy", async () => (await import("../features/privacy/privacy")).PrivacyWords),
};
