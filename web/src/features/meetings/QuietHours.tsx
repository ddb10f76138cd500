import type { Quiet } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { TimeField } from "../../ui/DateField";
import { Switch } from "../../ui/Switch";

import styles from "./Own.module.css";

const NIGHT = { from: "22:00", to: "07:00" };

/** From when to when nobody's ring is heard. */
export function QuietHours({ quiet, onChange }: { quiet: Quiet; onChange(quiet: Quiet): void }) {
  const t = useT();
  const { from, to } = quiet;
  const isOn = from !== null && to !== null;
  return (
    <>
      <Switch
        isSelected={isOn}
        onChange={(on) => onChange({ ...quiet, ...(on ? NIGHT : { from: null, to: null }) })}
      >
        {t("meetings.quiet")}
      </Switch>
      {isOn && (
        <span className={styles.hours}>
          <TimeField
            label={t("meetings.quiet.from")}
            clock={from}
            onClock={(clock) => onChange({ ...quiet, from: clock })}
          />
          <span>{t("meetings.when.to")}</span>
          <TimeField
            label={t("meetings.quiet.to")}
            clock={to}
            onClock={(clock) => onChange({ ...quiet, to: clock })}
          />
        </span>
      )}
    </>
  );
}
