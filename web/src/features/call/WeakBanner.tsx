import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { useSession, useStore } from "../../ui/room/context";

import { weaknessOf } from "./weakness";

/** N2, unless something graver is told. */
export function WeakBanner() {
  const t = useT();
  const session = useSession();
  const isShown = useStore(weaknessOf(session).isShown);
  const isUp = useStore(session.line).kind === "good";
  return isShown && isUp ? <Banner tone="warn">{t("call.line.weak")}</Banner> : null;
}
