import { plusDays, weekdays } from "../../core/calendar/days";
import { type Draft, endOf, repeating, startOf } from "../../core/calendar/draft";
import { inOrder, type Nth, nthOf, most, type Repeat } from "../../core/calendar/repeat";
import { useT } from "../../i18n/react";
import { DateField } from "../../ui/DateField";
import { Select } from "../../ui/Select";
import { TextField } from "../../ui/TextField";
import { Toggles } from "../../ui/Toggles";

import { useTeller } from "./calendar";
import styles from "./PlanDialog.module.css";
import { isWorkdays, weekdayName, wholeSeries } from "./repeat-words";
import type { FieldsProps } from "./WhenFields";

const kinds = ["never", "day", "workday", "week", "month", "year"] as const;
type Kind = (typeof kinds)[number];

/** How often, until when, and the whole of it said back in one sentence. */
export function RepeatFields({ draft, onDraft, wrong }: FieldsProps) {
  const t = useT();
  const tell = useTeller(draft.zone);
  const { repeat } = draft;
  const change = (next: Repeat): void => onDraft({ ...draft, repeat: next });
  return (
    <>
      <div className={styles.repeat}>
        <Select
          label={t("meetings.repeat")}
          labelHidden
          choices={[
            ...kinds.map((id) => ({ id, word: t(`meetings.every.${id}`) })),
            ...(draft.foreign === null
              ? []
              : [{ id: "foreign" as const, word: t("meetings.every.foreign") }]),
          ]}
          chosen={draft.foreign === null ? kindOf(repeat) : "foreign"}
          onChoose={(kind) => kind !== "foreign" && onDraft(repeating(draft, kind))}
        />
        {repeat && <Ends draft={draft} repeat={repeat} onRepeat={change} isWrong={wrong.includes("until")} />}
      </div>
      {repeat && (
        <div className={styles.repeatDetail}>
          <Details draft={draft} repeat={repeat} onRepeat={change} />
        </div>
      )}
      {wrong.includes("repeat") && <p className={styles.error}>{t("meetings.wrong.repeat")}</p>}
      {wrong.includes("until") && <p className={styles.error}>{t("meetings.wrong.until")}</p>}
      {repeat && isSayable(repeat) && (
        <p className={styles.hint}>
          {wholeSeries(t, tell, repeat, draft.day, tell.times(startOf(draft), endOf(draft)))}
        </p>
      )}
      {draft.foreign !== null && <p className={styles.hint}>{t("meetings.every.foreign.hint")}</p>}
    </>
  );
}

function kindOf(repeat: Repeat | null): Kind {
  if (!repeat) return "never";
  return repeat.every === "week" && repeat.interval === 1 && isWorkdays(repeat.on) ? "workday" : repeat.every;
}

function isSayable(repeat: Repeat): boolean {
  return repeat.every !== "week" || repeat.on.length > 0;
}

interface RepeatProps {
  draft: Draft;
  repeat: Repeat;
  onRepeat(repeat: Repeat): void;
}

function Ends({ draft, repeat, onRepeat, isWrong }: RepeatProps & { isWrong: boolean }) {
  const t = useT();
  const { ends } = repeat;
  const choices = (["count", "until", "never"] as const).map((id) => ({
    id,
    word: t(`meetings.ends.${id}`),
  }));
  return (
    <div className={styles.repeatDetail}>
      <Select
        label={t("meetings.ends")}
        labelHidden
        choices={choices}
        chosen={ends.by}
        onChoose={(by) =>
          onRepeat({
            ...repeat,
            ends:
              by === "never"
                ? { by }
                : by === "count"
                  ? { by, count: 12 }
                  : { by, day: plusDays(draft.day, 12 * 7) },
          })
        }
      />
      {ends.by === "count" && (
        <Count
          label={t("meetings.ends.times")}
          count={ends.count}
          top={most.count}
          onCount={(count) => onRepeat({ ...repeat, ends: { by: "count", count } })}
        />
      )}
      {ends.by === "count" && <span>{t("meetings.ends.word", { count: ends.count })}</span>}
      {ends.by === "until" && (
        <DateField
          label={t("meetings.ends.until")}
          labelHidden
          day={ends.day}
          first={draft.day}
          error={isWrong}
          onDay={(day) => onRepeat({ ...repeat, ends: { by: "until", day } })}
        />
      )}
    </div>
  );
}

/** What a kind of repetition still leaves open. */
function Details({ draft, repeat, onRepeat }: RepeatProps) {
  const t = useT();
  const tell = useTeller(draft.zone);
  return (
    <>
      <span className={styles.between}>{t("meetings.interval", { every: repeat.every })}</span>
      <Count
        label={t("meetings.interval.label")}
        count={repeat.interval}
        top={most.interval}
        onCount={(interval) => onRepeat({ ...repeat, interval })}
      />
      <span className={styles.between}>
        {t("meetings.interval.unit", { every: repeat.every, count: repeat.interval })}
      </span>
      {repeat.every === "week" && (
        <Toggles
          label={t("meetings.weekdays")}
          choices={weekdays.map((id) => ({
            id,
            word: weekdayName(tell, id, "short"),
          }))}
          chosen={repeat.on}
          onChoose={(on) => onRepeat({ ...repeat, on: inOrder(on) })}
        />
      )}
      {repeat.every === "month" && (
        <Select
          label={t("meetings.monthly")}
          labelHidden
          chosen={"day" in repeat.on ? "day" : "nth"}
          choices={[
            { id: "day", word: t("meetings.monthly.day", { day: Number(draft.day.slice(8)) }) },
            { id: "nth", word: nthWord(nthOf(draft.day)) },
          ]}
          onChoose={(by) =>
            onRepeat({ ...repeat, on: by === "day" ? { day: Number(draft.day.slice(8)) } : nthOf(draft.day) })
          }
        />
      )}
    </>
  );

  function nthWord({ nth, weekday }: { nth: Nth; weekday: (typeof weekdays)[number] }): string {
    return t("meetings.monthly.nth", {
      nth: nth === -1 ? "last" : `n${nth}`,
      weekday: weekdayName(tell, weekday),
    });
  }
}

interface CountProps {
  label: string;
  count: number;
  top: number;
  onCount(count: number): void;
}

/** A whole number above nothing. What is none is not taken, and the one before stays. */
function Count({ label, count, top, onCount }: CountProps) {
  return (
    <div className={styles.number}>
      <TextField
        label={label}
        labelHidden
        inputMode="numeric"
        value={String(count)}
        onChange={(typed) => {
          const wanted = Number(typed.normalize("NFKC").replace(/\D/g, ""));
          if (wanted >= 1) onCount(Math.min(wanted, top));
        }}
      />
    </div>
  );
}
