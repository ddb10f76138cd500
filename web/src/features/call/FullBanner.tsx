import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { useMeeting } from "../../ui/room/context";

import { SeePlans, usePlans } from "./SeePlans";

/** J5 from inside: the organiser, who is always let in, hears that nobody else is, where another plan would change it. */
export function FullBanner() {
  const t = useT();
  const { most, people } = useMeeting();
  const isFull = most !== null && people.length >= most;
  const where = usePlans("people", isFull);
  if (!isFull || where === null) return null;
  return (
    <Banner tone="warn" title={t("call.crowded.title")} actions={<SeePlans where={where} />}>
      {t("call.crowded.then", { most })}
    </Banner>
  );
}
