import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { usePeople, useSession, useStore } from "../../ui/room/context";

import { weaknessOf } from "./weakness";

/** N3 while pictures wait for a better line, N2 while they are only smaller; unless something graver is told. */
export function WeakBanner() {
  const t = useT();
  const session = useSession();
  const isShown = useStore(weaknessOf(session).isShown);
  const isUp = useStore(session.line).kind === "good";
  const isSoundOnly = usePeople().some(({ paused }) => paused);
  if (isUp && isSoundOnly)
    return (
      <Banner tone="warn" title={t("call.line.sound_only")}>
        {t("call.line.sound_only.then")}
      </Banner>
    );
  return isShown && isUp ? <Banner tone="warn">{t("call.line.weak")}</Banner> : null;
}
