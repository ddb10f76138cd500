/** How much was met in a month. Nothing here tells of one person: the server sends no such figure. */
import { useCallback, useState } from "react";

import type { Answer } from "../../core/api/types";
import type { DayShown, OrganisationUsage, OwnUsage, ServerUsage } from "../../core/api/usage-client";
import { useLocale, useT } from "../../i18n/react";
import { Answered } from "../../ui/Answered";
import { useAsked } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { Download } from "../../ui/Download";
import { CircleAlert } from "../../ui/icons";
import { Select } from "../../ui/Select";
import { Status } from "../../ui/Status";

import { monthInWords, monthsOf, plainDay } from "./months";
import styles from "./usage.module.css";

const figures = ["minutes", "meetings", "peak"] as const;
const FEW = 20;

/** Of an organisation, or of the server. */
type UsageShown = OwnUsage | ServerUsage;

export interface Source {
  /** null: of the month that it is now. */
  of(month: string | null): Promise<Answer<UsageShown>>;
  /** Where a browser fetches a month as CSV. */
  table(month: string): string;
  /** Before that, where somebody has to show that it is still them. */
  ready?: () => Promise<boolean>;
}

/** Of an organisation; or of the server, whose answer holds each organisation's month. */
export function Usage({ source }: { source: Source }) {
  const t = useT();
  const [month, setMonth] = useState<string | null>(null);
  const [asked, reload] = useAsked(useCallback(() => source.of(month), [source, month]));
  return (
    <>
      <title>{`${t("usage.title")} · Folkmoot`}</title>
      <Answered asked={asked} onRetry={reload} refused={Refused}>
        {(value) => (
          <div className={styles.usage}>
            <Head usage={value} onMonth={setMonth} />
            <Sums usage={value} />
            {value.days.length > 0 && <Days usage={value} />}
            {"organisations" in value && value.organisations.length > 0 && (
              <Organisations each={value.organisations} />
            )}
            {value.days.length > 0 && (
              <Download className={styles.download} href={source.table(value.month)} ready={source.ready}>
                {t("usage.table")}
              </Download>
            )}
          </div>
        )}
      </Answered>
    </>
  );
}

function Refused() {
  const t = useT();
  return <Status icon={CircleAlert} title={t("usage.refused")} />;
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
      <h1>{t("usage.title")}</h1>
      <div className={styles.month}>
        <Select
          label={t("usage.month")}
          labelHidden
          size={40}
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
      <dl className={styles.sums}>
        {figures.map((name) => (
          <div key={name}>
            <dt>{t(`usage.${name}`)}</dt>
            <dd>{number.format(usage[name])}</dd>
          </div>
        ))}
        {"longest" in usage &&
          (["at_once", "longest"] as const).map((name) => (
            <div key={name}>
              <dt>{t(`usage.${name}`)}</dt>
              <dd>{usage[name] === null ? t("usage.unknown") : number.format(usage[name])}</dd>
            </div>
          ))}
      </dl>
      <p className={styles.lead}>{usage.days.length > 0 ? t("usage.text") : t("usage.none")}</p>
    </>
  );
}

/** Each day's bar stands in the row with its numbers: the table is the chart. */
function Days({ usage: { days, fewest } }: { usage: UsageShown }) {
  const t = useT();
  const most = Math.max(1, ...days.map(({ minutes }) => minutes ?? 0));
  return (
    <>
      <table className={styles.table}>
        <caption>{t("usage.byDay")}</caption>
        <Columns first={t("usage.day")} />
        <tbody>
          {days.map((day) => (
            <OneDay key={day.day} day={day} most={most} />
          ))}
        </tbody>
      </table>
      {days.some(({ minutes }) => minutes === null) && (
        <p className={styles.lead}>{t("usage.few", { count: fewest })}</p>
      )}
    </>
  );
}

function Columns({ first }: { first: string }) {
  const t = useT();
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        <th scope="col" className={styles.bars} aria-hidden="true" />
        <th scope="col" className={styles.number}>
          {t("usage.minutes")}
        </th>
        <th scope="col" className={styles.number}>
          {t("usage.meetings")}
        </th>
        <th scope="col" className={styles.number}>
          {t("usage.peak")}
        </th>
      </tr>
    </thead>
  );
}

function OneDay({ day: { day, minutes, meetings, peak }, most }: { day: DayShown; most: number }) {
  const t = useT();
  const locale = useLocale();
  const name = <th scope="row">{plainDay(day, locale)}</th>;
  if (minutes === null || meetings === null || peak === null)
    return (
      <tr>
        {name}
        <td colSpan={4}>{t("usage.inSum")}</td>
      </tr>
    );
  return (
    <tr>
      {name}
      <Figures of={{ minutes, meetings, peak }} most={most} />
    </tr>
  );
}

type Sum = Record<(typeof figures)[number], number>;

function Figures({ of, most }: { of: Sum; most: number }) {
  const number = new Intl.NumberFormat(useLocale());
  return (
    <>
      <td className={styles.bars} aria-hidden="true">
        <span className={styles.bar} style={{ inlineSize: `${(100 * of.minutes) / most}%` }} />
      </td>
      {figures.map((name) => (
        <td key={name} className={styles.number}>
          {number.format(of[name])}
        </td>
      ))}
    </>
  );
}

/** Who met most comes first, as the server sends them. */
function Organisations({ each }: { each: readonly OrganisationUsage[] }) {
  const t = useT();
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...each.map(({ minutes }) => minutes));
  return (
    <>
      <table className={`${styles.table} ${styles.named}`}>
        <caption>{t("usage.organisations")}</caption>
        <Columns first={t("usage.organisation")} />
        <tbody>
          {(all ? each : each.slice(0, FEW)).map((one) => (
            <tr key={one.id}>
              <th scope="row" className={styles.name} dir="auto">
                {one.name || t(one.id ? "usage.gone.org" : "usage.none.org")}
              </th>
              <Figures of={one} most={most} />
            </tr>
          ))}
        </tbody>
      </table>
      {!all && each.length > FEW && (
        <div>
          <Button look="plain" onPress={() => setAll(true)}>
            {t("usage.all", { count: each.length })}
          </Button>
        </div>
      )}
      <p className={styles.lead}>{t("usage.nobody")}</p>
    </>
  );
}
