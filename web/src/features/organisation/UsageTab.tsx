import { useCallback, useState } from "react";

import type { DayShown, UsageShown } from "../../core/api/usage-client";
import { useLocale, useT } from "../../i18n/react";
import { Select } from "../../ui/Select";

import { Answered } from "./Answered";
import { useAsked } from "../../ui/asking";
import { monthInWords, monthsOf, plainDay } from "./days";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import usageStyles from "./usage.module.css";

const figures = ["minutes", "meetings", "peak"] as const;

/** How much was met in a month. */
export function UsageTab() {
  const t = useT();
  const { usage } = useDesk();
  const { org } = useHere();
  const [month, setMonth] = useState<string | null>(null);
  const [asked, reload] = useAsked(useCallback(() => usage.of(org.id, month), [usage, org.id, month]));
  return (
    <>
      <title>{`${t("organisation.tab.usage")} · Folkmoot`}</title>
      <Answered asked={asked} onRetry={reload}>
        {(value) => (
          <>
            <Head usage={value} onMonth={setMonth} />
            <Sums usage={value} />
            {value.days.length > 0 && <Days usage={value} />}
          </>
        )}
      </Answered>
    </>
  );
}

interface HeadProps {
  usage: UsageShown;
  onMonth(month: string): void;
}

function Head({ usage: { month, since, until }, onMonth }: HeadProps) {
  const t = useT();
  const locale = useLocale();
  const from = since < month ? since : month;
  const months = monthsOf(from, until < month ? month : until);
  return (
    <div className={styles.head}>
      <h1>{t("organisation.tab.usage")}</h1>
      <div className={usageStyles.month}>
        <Select
          label={t("organisation.usage.month")}
          labelHidden
          choices={months.map((id) => ({ id, word: monthInWords(id, locale) }))}
          chosen={month}
          onChoose={onMonth}
        />
      </div>
    </div>
  );
}

function Sums({ usage }: { usage: UsageShown }) {
  const t = useT();
  const number = new Intl.NumberFormat(useLocale());
  return (
    <>
      <dl className={usageStyles.sums}>
        {figures.map((name) => (
          <div key={name}>
            <dt>{t(`organisation.usage.${name}`)}</dt>
            <dd>{number.format(usage[name])}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.lead}>
        {usage.days.length > 0 ? t("organisation.usage.text") : t("organisation.usage.none")}
      </p>
    </>
  );
}

/** Each day's bar stands in the row with its numbers: the table is the chart. */
function Days({ usage: { days, fewest, month } }: { usage: UsageShown }) {
  const t = useT();
  const { usage } = useDesk();
  const { org } = useHere();
  const most = Math.max(1, ...days.map(({ minutes }) => minutes ?? 0));
  return (
    <>
      <table className={`${styles.table} ${usageStyles.days}`}>
        <caption>{t("organisation.usage.byDay")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("organisation.usage.day")}</th>
            <th scope="col" colSpan={2}>
              {t("organisation.usage.minutes")}
            </th>
            <th scope="col">{t("organisation.usage.meetings")}</th>
            <th scope="col">{t("organisation.usage.peak")}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day) => (
            <OneDay key={day.day} day={day} most={most} />
          ))}
        </tbody>
      </table>
      {days.some(({ minutes }) => minutes === null) && (
        <p className={styles.lead}>{t("organisation.usage.few", { count: fewest })}</p>
      )}
      <a className={styles.download} href={usage.table(org.id, month)} download>
        {t("organisation.usage.table")}
      </a>
    </>
  );
}

function OneDay({ day: { day, minutes, meetings, peak }, most }: { day: DayShown; most: number }) {
  const t = useT();
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  const name = (
    <th scope="row" className={styles.moment}>
      {plainDay(day, locale)}
    </th>
  );
  if (minutes === null || meetings === null || peak === null)
    return (
      <tr>
        {name}
        <td colSpan={4}>{t("organisation.usage.inSum")}</td>
      </tr>
    );
  return (
    <tr>
      {name}
      <td className={usageStyles.bars} aria-hidden="true">
        <span className={usageStyles.bar} style={{ inlineSize: `${(100 * minutes) / most}%` }} />
      </td>
      <td className={usageStyles.number}>{number.format(minutes)}</td>
      <td className={usageStyles.number}>{number.format(meetings)}</td>
      <td className={usageStyles.number}>{number.format(peak)}</td>
    </tr>
  );
}
