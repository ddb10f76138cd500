import { useMemo, useState } from "react";

import { wallClock } from "../../core/calendar/zones";
import {
  type Draft,
  endClock,
  endOf,
  onDay,
  startOf,
  untilClock,
  type Wrong,
} from "../../core/calendar/draft";
import { allZones, differs, nameZone } from "../../core/calendar/zones";
import { useT } from "../../i18n/react";
import { ComboBox, type Entry } from "../../ui/ComboBox";
import { DateField, TimeField } from "../../ui/DateField";

import { useFormats, useNow, usePorts, useTeller } from "./calendar";
import styles from "./PlanDialog.module.css";

export interface FieldsProps {
  draft: Draft;
  onDraft(draft: Draft): void;
  wrong: readonly Wrong[];
}

/** The day, from when to when, and on whose clocks; in two zones where the planner is in another. */
export function WhenFields({ draft, onDraft, wrong, isNew }: FieldsProps & { isNew: boolean }) {
  const t = useT();
  const now = useNow();
  const { zone: own } = usePorts();
  const [starts, ends] = [startOf(draft), endOf(draft)];
  const [isWhole, setWhole] = useState(false);
  const zones = useZones(isWhole, starts, own, draft.zone);
  const mine = useTeller();
  const said = zones.find(({ id }) => id === own)?.long ?? own;
  return (
    <>
      <div className={styles.when}>
        <DateField
          label={t("meetings.when.day")}
          labelHidden
          day={draft.day}
          onDay={(day) => onDraft(onDay(draft, day))}
          first={isNew ? wallClock(draft.zone, now).slice(0, 10) : undefined}
        />
        <TimeField
          label={t("meetings.when.from")}
          clock={draft.from}
          onClock={(from) => onDraft({ ...draft, from })}
          error={wrong.includes("past")}
        />
        <span className={styles.between}>{t("meetings.when.to")}</span>
        <TimeField
          label={t("meetings.when.until")}
          clock={endClock(draft)}
          onClock={(to) => onDraft(untilClock(draft, to))}
          error={wrong.includes("minutes")}
        />
        <ComboBox
          label={t("meetings.when.zone")}
          labelHidden
          entries={zones}
          chosen={draft.zone}
          onChoose={(zone) => onDraft({ ...draft, zone })}
          nothing={t("meetings.when.noZone")}
          onWanted={() => setWhole(true)}
        />
      </div>
      {wrong.includes("past") && <p className={styles.error}>{t("meetings.wrong.past")}</p>}
      {differs(draft.zone, own, starts, ends) && (
        <p className={styles.hint}>
          {t("meetings.when.yours", { when: mine.span(starts, ends, now), zone: said })}
        </p>
      )}
    </>
  );
}

/** Hundreds of formats are made for it: only when somebody looks. Every zone, by its name, its place and its offset of that day; one's own and the chosen one first. */
function useZones(isWhole: boolean, at: number, ...first: string[]): Entry[] {
  const { languages } = usePorts();
  const locale = useFormats(languages);
  // The offset changes with the season, not with the hour.
  const day = Math.floor(at / 86_400_000) * 86_400_000;
  const key = first.join();
  return useMemo(
    () =>
      (isWhole ? allZones(...key.split(",")) : [...new Set(key.split(","))]).map((id) => {
        const { name, city, offset, short } = nameZone(id, locale, day);
        const hint = city === name ? offset : `${city} · ${offset}`;
        return { id, word: short, long: name, hint, also: id };
      }),
    [isWhole, key, locale, day],
  );
}
