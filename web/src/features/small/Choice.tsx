import type { PrefsStore } from "../../core/prefs/prefs";
import { useT } from "../../i18n/react";
import { PrefSwitch } from "../../ui/PrefSwitch";

import { canOpenItself } from "./small";

/** Only where a browser lets a page do that. */
export function SmallChoice({ prefs }: { prefs: PrefsStore }) {
  const t = useT();
  if (!canOpenItself()) return null;
  return (
    <PrefSwitch prefs={prefs} of="smallOnSwitch">
      {t("small.on_switch")}
    </PrefSwitch>
  );
}
