import type { Waiter } from "../../core/meeting/hosted";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";

/** Since when somebody waits, and what a host should know before letting them in: in words, never by a colour alone. */
export function useWords({ at, marks }: Waiter): string {
  const t = useT();
  const since = t("waiting.row.since", { time: timeOfDay(at) });
  return [...marks.map((mark) => t(`waiting.mark.${mark}`)), since].join(" · ");
}
