import { useEffect, useRef } from "react";

import { stopwatch } from "../../core/times";
import { useT } from "../../i18n/react";
import { useMeeting, useSession } from "../../ui/room/context";

import styles from "./TopBar.module.css";

/** By the server's clock, a laptop's may be minutes off. Writes its own text: a clock is no reason to render a meeting. */
export function Timer() {
  const t = useT();
  const element = useRef<HTMLSpanElement>(null);
  const session = useSession();
  const { startedAt } = useMeeting();
  useEffect(() => {
    const begun = Date.parse(startedAt);
    const tick = (): void => {
      if (element.current) element.current.textContent = stopwatch(begun ? session.serverNow() - begun : 0);
    };
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [session, startedAt]);
  return (
    <span ref={element} className={styles.timer} role="timer" aria-label={t("call.timer")} aria-live="off" />
  );
}
