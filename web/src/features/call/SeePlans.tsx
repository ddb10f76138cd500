import { useEffect, useState } from "react";

import type { Limit } from "../../core/api/plans-client";
import { useT } from "../../i18n/react";
import { useMay, useRoom } from "../../ui/room/context";

import styles from "./SeePlans.module.css";

/** Where a plan would help, for the organiser alone; null for everybody else. Nobody is asked before it `matters`. */
export function usePlans(limit: Limit, matters: boolean): string | null {
  const room = useRoom();
  const asks = useMay("own") && matters;
  const [where, setWhere] = useState<string | null>(null);
  useEffect(() => {
    if (!asks) return;
    let isGone = false;
    void room.plans(limit).then((found) => isGone || setWhere(found));
    return () => {
      isGone = true;
    };
  }, [room, limit, asks]);
  return asks ? where : null;
}

/** In a tab of its own: the meeting goes on. */
export function SeePlans({ where }: { where: string }) {
  const t = useT();
  return (
    <a className={styles.link} href={where} target="_blank" rel="noopener">
      {t("call.plans")}
    </a>
  );
}
