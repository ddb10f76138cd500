import type { Waiter } from "../../core/meeting/hosted";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { useMe } from "../../ui/room/context";

/** Since when somebody waits, and what a host should know before letting them in: in words, never by a colour alone. */
export function useWords({ at, marks, yes }: Waiter): string {
  const t = useT();
  const me = useMe();
  const said = yes.length > 0 ? [t(yes.includes(me) ? "waiting.yes.mine" : "waiting.yes.another")] : [];
  const since = t("waiting.row.since", { time: timeOfDay(at) });
  return [...said, ...marks.map((mark) => t(`waiting.mark.${mark}`)), since].join(" · ");
}
