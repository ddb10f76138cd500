import type { DepartureReason, Measured } from "../../core/journey/room";
import { stopwatch, timeOfDay } from "../../core/times";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import styles from "./Left.module.css";

export interface LeftProps {
  reason: Exclude<DepartureReason, "elsewhere">;
  /** The meeting's title, or its number in words. */
  title: string;
  since: number;
  until: number;
  measured: Measured | undefined;
  /** J15: who was removed may ask to come back. */
  again?: boolean | undefined;
  onRejoin(): void;
  onHome(): void;
}

/** The page after a meeting. It asks nothing: there is no question here whose answer would go anywhere. */
export function Left({ reason, title, since, until, measured, again = false, onRejoin, onHome }: LeftProps) {
  const t = useT();
  const time = timeOfDay(until);
  const mayReturn = again || reason === "left" || reason === "unreachable";
  return (
    <section className={styles.left}>
      <div className={styles.top}>
        <div className={styles.words}>
          <h1 className={styles.headline}>{t(`left.${reason}.title`)}</h1>
          <p className={styles.facts}>
            <bdi>{title}</bdi> · <span className={styles.clock}>{stopwatch(until - since)}</span>
          </p>
        </div>
        {mayReturn ? (
          <Button look="primary" size={48} onPress={onRejoin}>
            {t("left.rejoin")}
          </Button>
        ) : (
          <Button look="primary" size={48} onPress={onHome}>
            {t("left.home")}
          </Button>
        )}
      </div>
      <div className={styles.section}>
        <p>{t(`left.${reason}.text`, { time, again: again ? "yes" : "no" })}</p>
        {measured && <Line {...measured} />}
        {mayReturn && (
          <a className={styles.link} href="/">
            {t("left.home")}
          </a>
        )}
      </div>
    </section>
  );
}

/** What happened to the line, counted on this device and told to nobody else. */
function Line({ outages, lostMs, weakMs }: Measured) {
  const t = useT();
  const locale = useLocale();
  const isWeak = weakMs >= 1000;
  const kind = outages > 0 ? (isWeak ? "both" : "lost") : isWeak ? "weak" : "good";
  const values = { kind, count: outages, lost: spell(lostMs, locale), weak: spell(weakMs, locale) };
  return <p className={styles.measured}>{t("left.measured", values)}</p>;
}

function spell(ms: number, locale: string): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const unit = seconds < 90 ? "second" : "minute";
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
  return format.format(unit === "second" ? seconds : Math.round(seconds / 60));
}
