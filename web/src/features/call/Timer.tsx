import { useEffect, useRef } from "react";

import { stopwatch } from "../../core/times";
import { useT } from "../../i18n/react";
import { useMeeting, useSession } from "../../ui/room/context";

import styles from "./TopBar.module.css";

/** Writes its own text once a second: a clock is no reason to render a meeting. */
export function Timer() {
  const t = useT();
  const element = useRef<HTMLSpanElement>(null);
  const { startedAt } = useMeeting();
  const session = useSession();
  useEffect(() => {
    const begun = Date.parse(startedAt);
    const tick = (): void => {
      const now = session.serverNow();
      if (element.current) element.current.textContent = stopwatch(now - (begun || now));
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [startedAt, session]);
  return (
    <span ref={element} className={styles.timer} role="timer" aria-label={t("call.timer")} aria-live="off" />
  );
}
