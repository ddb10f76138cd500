/** Charts of our own, small: each value is written, so that none needs colour; each has its table for who reads or listens. */
import { type ReactNode, useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import styles from "./growth.module.css";
import { InSight } from "./looking";

export interface Point {
  id: string;
  label: readonly [string, string];
  value: number;
  said: string;
}

export interface Table {
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}

export function Charted({
  title,
  unit,
  table,
  csv,
  children,
}: {
  title: string;
  unit?: string;
  table: Table;
  csv?: string;
  children: ReactNode;
}) {
  const t = useT();
  const [asTable, setAsTable] = useState(false);
  return (
    <section className={styles.chart}>
      <div className={styles.top}>
        <h2>
          {title} {unit && <span className={styles.unit}>{unit}</span>}
        </h2>
        <span className={styles.ways}>
          {csv && (
            <a className={styles.way} href={csv} download aria-label={t("growth.csvOf", { what: title })}>
              CSV
            </a>
          )}
          <Button
            look="plain"
            size={32}
            aria-label={t(asTable ? "growth.chartOf" : "growth.tableOf", { what: title })}
            onPress={() => setAsTable(!asTable)}
          >
            {t(asTable ? "growth.chart" : "growth.table")}
          </Button>
        </span>
      </div>
      {!asTable && (
        <div aria-hidden="true" className={styles.drawn}>
          {children}
        </div>
      )}
      <div className={asTable ? styles.tabled : "visually-hidden"}>
        <InSight value={asTable}>
          <Tabled of={table} name={title} />
        </InSight>
      </div>
    </section>
  );
}

/** The first column names its row; the others are numbers. */
export function Tabled({ of: { head, rows }, name }: { of: Table; name: string }) {
  return (
    // A wide one is moved sideways, by keys as well.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.scrolled} role="region" aria-label={name} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={String(row[0])}>
              {row.map((cell, m) =>
                m === 0 ? (
                  <th key={head[m]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={head[m]}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const part = (value: number, most: number) => (most > 0 ? Math.max(0, value) / most : 0);

/** More than so many have no room for what each is on a phone; their table has it. */
const FEW = 8;

/** The last is filled, the one of a year before half; an arc says what lies between them. */
export function Bars({
  points,
  yearBefore,
  change,
}: {
  points: readonly Point[];
  yearBefore: number;
  change: string;
}) {
  const most = Math.max(...points.map(({ value }) => value), 0);
  const wide = 100 / points.length;
  const before = points[yearBefore];
  return (
    <div className={styles.plot}>
      <div className={styles.bars} data-many={points.length > FEW || undefined}>
        {before && change !== "–" && (
          <div
            className={styles.arc}
            style={{
              left: `${wide * (yearBefore + 0.5)}%`,
              right: `${wide * 1}%`,
              bottom: `calc((100% - 20px) * ${part(before.value, most)} + 20px)`,
            }}
          >
            <span>{change}</span>
          </div>
        )}
        {points.map((point, n) => (
          <div key={point.id} className={styles.column}>
            <span
              className={styles.said}
              data-strong={n === points.length - 1 || n === yearBefore || undefined}
            >
              {point.said}
            </span>
            <div
              className={styles.bar}
              data-kind={n === points.length - 1 ? "shown" : n === yearBefore ? "before" : undefined}
              style={{ height: `${part(point.value, most) * 100}%` }}
            />
          </div>
        ))}
      </div>
      <Labels points={points} yearBefore={yearBefore} />
    </div>
  );
}

export function Line({ points, yearBefore }: { points: readonly Point[]; yearBefore: number }) {
  const most = Math.max(...points.map(({ value }) => value), 0);
  const x = (n: number) => ((n + 0.5) / points.length) * 100;
  const y = (value: number) => (1 - part(value, most)) * 100;
  return (
    <div className={styles.plot}>
      <div className={styles.line}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none">
          <polyline points={points.map(({ value }, n) => `${x(n)},${y(value)}`).join(" ")} />
        </svg>
        {points.map((point, n) => (
          <span
            key={point.id}
            className={styles.dot}
            data-strong={n === points.length - 1 || n === yearBefore || undefined}
            style={{ left: `${x(n)}%`, top: `${y(point.value)}%` }}
          >
            <span>{point.said}</span>
          </span>
        ))}
      </div>
      <Labels points={points} yearBefore={yearBefore} />
    </div>
  );
}

function Labels({ points, yearBefore }: { points: readonly Point[]; yearBefore: number }) {
  return (
    <div className={styles.labels}>
      {points.map(({ id, label: [above, below] }, n) => (
        <span key={id} data-strong={n === points.length - 1 || n === yearBefore || undefined}>
          {above}
          <br />
          {below}
        </span>
      ))}
    </div>
  );
}

export interface Ranged {
  id: string;
  label: string;
  low: number;
  high: number;
  said: string;
}

/** Forecasts below each other, with what was recognised as a line through them. */
export function Ranges({
  ranges,
  until,
  words,
}: {
  ranges: readonly Ranged[];
  until: number;
  words: string;
}) {
  const most = Math.max(...ranges.map(({ high }) => high), 0);
  return (
    <div className={styles.ranges}>
      {ranges.map(({ id, label, low, high, said }, n) => (
        <div key={id} className={styles.range} data-strong={n === ranges.length - 1 || undefined}>
          <p>
            <span>{label}</span>
            <span>{said}</span>
          </p>
          <div className={styles.track}>
            <i className={styles.until} style={{ left: `${part(until, most) * 100}%` }} />
            <i
              className={styles.mark}
              style={{
                left: `min(${part(low, most) * 100}%, 100% - 4px)`,
                right: `${(1 - part(high, most)) * 100}%`,
              }}
            />
          </div>
        </div>
      ))}
      <p className={styles.foot}>{words}</p>
    </div>
  );
}

export function Share({ of, said }: { of: number | null; said: string }) {
  return (
    <span className={styles.share}>
      <span className={styles.shareTrack} aria-hidden="true">
        <i style={{ width: `${Math.min(1, of ?? 0) * 100}%` }} />
      </span>
      {said}
    </span>
  );
}
