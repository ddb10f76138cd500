import { useEffect, useRef, useState } from "react";

import type { Session } from "../../core/meeting/session";
import { useT } from "../../i18n/react";
import { CopyDetails } from "../../ui/CopyDetails";
import { usePeople, useSession, useStore } from "../../ui/room/context";

import { between, type Counters, counted, reasonOf, type Report, type Span } from "./numbers";
import styles from "./quality.module.css";
import { weakest } from "./story";
import { storyOf } from "./watching";

const EVERY_MS = 2000;

/** How the line is and why, in words; what it did before; and the numbers for who wants them. */
export function Quality() {
  const t = useT();
  const { span, at } = useSpan();
  return (
    <div className={styles.quality}>
      <section>
        <h3>{t("quality.now")}</h3>
        <Now span={span} />
      </section>
      <section>
        <h3>{t("quality.before")}</h3>
        <Before at={at} />
      </section>
      {span && <Numbers span={span} />}
    </div>
  );
}

function Now({ span }: { span: Span | undefined }) {
  const t = useT();
  const nameOf = useName();
  const people = usePeople();
  const { passage } = useSession();
  if (!span) return <p role="status">{t("quality.measuring")}</p>;
  const weak = new Set(people.flatMap(({ id, line }) => (line === "weak" ? [id] : [])));
  const { reason, who } = reasonOf(span, weak, passage.join.participant);
  const loss = percent(
    reason === "up" ? span.sendLoss : Math.max(0, ...who.map((id) => span.people[id]?.loss ?? 0)),
  );
  return (
    <p role="status">
      {t(`quality.reason.${reason}`, { loss, ms: span.rttMs ?? 0, names: who.map(nameOf).join(", ") })}
    </p>
  );
}

function Before({ at }: { at: number }) {
  const t = useT();
  const session = useSession();
  const story = useStore(storyOf(session));
  const nameOf = useName();
  const me = session.passage.join.participant;
  const weak = weakest(story, at);
  const gone = story.outages.reduce((sum, { ms }) => sum + ms, 0);
  if (weak.length === 0 && story.outages.length === 0) return <p>{t("quality.before.fine")}</p>;
  return (
    <ul className={styles.list}>
      {story.outages.length > 0 && (
        <li>{t("quality.before.gone", { count: story.outages.length, s: Math.ceil(gone / 1000) })}</li>
      )}
      {weak.map(({ id, ms }) => (
        <li key={id}>
          {t(id === me ? "quality.before.mine" : "quality.before.theirs", {
            name: nameOf(id),
            s: Math.ceil(ms / 1000),
          })}
        </li>
      ))}
    </ul>
  );
}

function Numbers({ span }: { span: Span }) {
  const t = useT();
  const nameOf = useName();
  const rows: [string, string][] = [
    [t("quality.delay"), span.rttMs === undefined ? "–" : t("quality.ms", { ms: span.rttMs })],
    [t("quality.way"), span.protocol.toUpperCase() || "–"],
    [t("quality.sent"), t("quality.kbps", { kbps: span.sendKbps })],
    [t("quality.sent.lost"), `${percent(span.sendLoss)} %`],
    [t("quality.received"), t("quality.kbps", { kbps: span.receiveKbps })],
    ...Object.entries(span.people).map(([id, { loss }]): [string, string] => [
      t("quality.received.lost", { name: nameOf(id) }),
      `${percent(loss)} %`,
    ]),
  ];
  const details = (): string => rows.map((row) => row.join(": ")).join("\n");
  return (
    <details className={styles.numbers}>
      <summary>{t("quality.numbers")}</summary>
      <dl>
        {rows.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <CopyDetails size={32} look="plain" details={details} />
    </details>
  );
}

function useName(): (id: string) => string {
  const people = usePeople();
  const t = useT();
  return (id) => people.find((person) => person.id === id)?.name ?? t("quality.somebody");
}

/** Asked of the browser while it is looked at, and not a moment longer. */
function useSpan(): { span: Span | undefined; at: number } {
  const session = useSession();
  const [seen, setSeen] = useState<{ span: Span | undefined; at: number }>({ span: undefined, at: 0 });
  const last = useRef<Counters>(undefined);
  useEffect(() => {
    let isOver = false;
    const read = async (): Promise<void> => {
      const now = await readings(session);
      if (isOver) return;
      setSeen({ span: last.current && between(last.current, now), at: now.at });
      last.current = now;
    };
    void read();
    const timer = setInterval(() => void read(), EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [session]);
  return seen;
}

async function readings(session: Session): Promise<Counters> {
  const { senders, receivers } = session.media.links();
  const sent = await Promise.all(senders.map(reportsOf));
  const received = new Map<string, Report[]>();
  for (const { person, link } of receivers)
    received.set(person, [...(received.get(person) ?? []), ...(await reportsOf(link))]);
  return counted(sent.flat(), received, performance.now());
}

async function reportsOf(link: { getStats(): Promise<RTCStatsReport> }): Promise<Report[]> {
  const stats = await link.getStats().catch(() => undefined);
  return stats ? [...(stats as unknown as Map<string, Report>).values()] : [];
}

function percent(part: number): number {
  return Math.round(part * 100);
}
