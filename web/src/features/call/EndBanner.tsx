import { useEffect, useState } from "react";

import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { useMeeting, useSession } from "../../ui/room/context";

import { SeePlans, usePlans } from "./SeePlans";

const MINUTE_MS = 60_000;
const NOTICE_MIN = 10;

/** J20: a meeting that may not last for ever says so ten minutes ahead, by the server's clock. */
export function EndBanner() {
  const t = useT();
  const { endsAt, minutes: most } = useMeeting();
  const left = useMinutesUntil(endsAt);
  const isNear = left !== null && left <= NOTICE_MIN && most !== null;
  const where = usePlans("minutes", isNear);
  if (!isNear) return null;
  return (
    <Banner
      tone="warn"
      title={t("call.ends.title", { minutes: left })}
      actions={where !== null && <SeePlans where={where} />}
    >
      {t("call.ends.then", { most })}
    </Banner>
  );
}

/** How many have begun of those that are left, at least one; null: it ends never. */
function useMinutesUntil(moment: string): number | null {
  const session = useSession();
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    const ends = Date.parse(moment);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      const ms = ends - session.serverNow();
      setLeft(Number.isNaN(ends) ? null : Math.max(1, Math.ceil(ms / MINUTE_MS)));
      if (ms > 0) timer = setTimeout(look, (ms % MINUTE_MS) + 1);
    };
    look();
    return () => clearTimeout(timer);
  }, [moment, session]);
  return left;
}
