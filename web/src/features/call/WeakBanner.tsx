import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { usePeople, useSession, useStore } from "../../ui/room/context";

import { lineWatchOf } from "./line-watch";

/** N3 while pictures wait for a better line, N2 while they are only smaller; unless something graver is told. */
export function WeakBanner() {
  const t = useT();
  const session = useSession();
  const isShown = useStore(lineWatchOf(session).isShown);
  const isUp = useStore(session.line).kind === "good";
  const isSoundOnly = hearsOnly(usePeople());
  if (isUp && isSoundOnly)
    return (
      <Banner tone="warn" title={t("call.line.sound_only")}>
        {t("call.line.sound_only.then")}
      </Banner>
    );
  return isShown && isUp ? <Banner tone="warn">{t("call.line.weak")}</Banner> : null;
}

/** No picture of anybody fits; where some do, a tile says of itself that it waits. */
function hearsOnly(people: readonly Present[]): boolean {
  const cameras = people.filter(({ self, camera }) => camera && !self);
  return cameras.length > 0 && cameras.every(({ paused }) => paused);
}
