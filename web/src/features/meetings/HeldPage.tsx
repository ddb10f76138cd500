/** `/meetings/:id?n=…` after it: what was kept, and no more. */
import { useEffect, useState } from "react";

import { attendanceFileOf, type Kept, type Roll } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { ChevronLeft, CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { failed, useNow, usePorts, useTeller } from "./calendar";
import styles from "./MeetingPage.module.css";
import { Facts, PageLink } from "./MeetingRow";
import { Linked, Section } from "./Section";

export function HeldPage({ id, n }: { id: string; n: string }) {
  const t = useT();
  const { api, go } = usePorts();
  const [held, setHeld] = useState<Kept>();
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    void (async () => {
      const answer = await api.held(id, n);
      if (answer.kind === "ok") setHeld(answer.value);
      else setFailure(failed(t, answer));
    })();
  }, [api, id, n, t]);
  if (held) return <After held={held} />;
  if (failure === null) return null;
  return (
    <Status
      icon={CircleAlert}
      title={failure}
      actions={
        <Button look="primary" size={48} onPress={() => go("/")}>
          {t("meetings.back")}
        </Button>
      }
    />
  );
}

function After({ held }: { held: Kept }) {
  const t = useT();
  const tell = useTeller();
  const now = useNow();
  const began = Date.parse(held.began_at);
  const ended = held.ended_at === null ? now : Date.parse(held.ended_at);
  const roll = useRoll(held);
  const isNothing = held.chat.length === 0 && held.polls === 0 && !roll;
  const title = held.title || t(held.kind === "room" ? "meetings.room" : "meetings.untitled");
  return (
    <div className={styles.page}>
      <p className={styles.back}>
        <PageLink to="/">
          <ChevronLeft size={16} strokeWidth={1.75} aria-hidden="true" />
          {t("meetings.back")}
        </PageLink>
      </p>
      <h1 className={styles.headline} dir="auto">
        {title}
      </h1>
      <p className={styles.when}>{tell.span(began, ended, now)}</p>
      <Facts
        facts={[
          tell.duration(ended - began),
          // They are counted when it ends.
          held.ended_at === null ? t("meetings.running") : t("meetings.people", { count: held.people }),
        ]}
      />
      {isNothing ? (
        <Section title={t("meetings.kept")}>
          <p>{t("meetings.kept.nothing")}</p>
        </Section>
      ) : (
        <p className={styles.also}>
          {held.kept_until !== null &&
            t("meetings.kept.until", { day: tell.fullDay(held.kept_until.slice(0, 10)) })}
        </p>
      )}
      {held.chat.length > 0 && (
        <Section title={t("meetings.kept.chat", { count: held.chat.length })}>
          <ul>
            {held.chat.map(({ at, name, text }) => (
              <li key={`${at} ${name} ${text}`} className={styles.line}>
                <time dateTime={at}>{tell.time(Date.parse(at))}</time>
                <p className={styles.notes}>
                  <strong dir="auto">{name}</strong>
                  <Linked text={text} />
                </p>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {held.polls > 0 && (
        <Section title={t("meetings.kept.polls")}>
          <p>{t("meetings.kept.polls.text", { count: held.polls })}</p>
        </Section>
      )}
      {roll && <RollTable id={held.meeting} n={String(held.n)} roll={roll} />}
      <p className={styles.deeds}>
        <PageLink to="/meetings/new" className={styles.file ?? ""}>
          {t("meetings.plan.next")}
        </PageLink>
      </p>
    </div>
  );
}

/** Hosts may see it, where it was kept. */
function useRoll({ meeting, n, attendance, mine }: Kept): Roll | undefined {
  const { api } = usePorts();
  const [roll, setRoll] = useState<Roll>();
  const isAsked = attendance && mine !== "invited";
  useEffect(() => {
    if (!isAsked) return;
    void (async () => {
      const answer = await api.attendance(meeting, String(n));
      if (answer.kind === "ok") setRoll(answer.value);
    })();
  }, [api, isAsked, meeting, n]);
  return roll;
}

/** Who was there, from when to when: told to everybody while it was kept. */
function RollTable({ id, n, roll: { people, checks } }: { id: string; n: string; roll: Roll }) {
  const t = useT();
  const tell = useTeller();
  const told = checks.map(({ at, present }) =>
    t("meetings.roll.check", { time: tell.time(Date.parse(at)), count: present.length }),
  );
  return (
    <Section title={t("meetings.roll", { count: people.length })}>
      {told.length > 0 && (
        <p className={styles.also}>{t("meetings.roll.checks.at", { times: tell.list(told) })}</p>
      )}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("meetings.roll.name")}</th>
            <th scope="col">{t("meetings.roll.came")}</th>
            <th scope="col">{t("meetings.roll.left")}</th>
            <th scope="col">{t("meetings.roll.stayed")}</th>
            {checks.length > 0 && <th scope="col">{t("meetings.roll.checks")}</th>}
          </tr>
        </thead>
        <tbody>
          {people.map(({ name, came_at: came, left_at: left, minutes, checks: answered }, place) => (
            // Two may be called the same and come together.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={place}>
              <td dir="auto">{name}</td>
              <td>{tell.time(Date.parse(came))}</td>
              <td>{left === null ? "–" : tell.time(Date.parse(left))}</td>
              <td>{tell.duration(minutes * 60_000)}</td>
              {checks.length > 0 && (
                <td>
                  {t("meetings.roll.answered", {
                    count: answered.filter(Boolean).length,
                    all: checks.length,
                  })}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.deeds}>
        <a className={styles.file} href={attendanceFileOf(id, n)} download>
          {t("meetings.roll.file")}
        </a>
      </p>
    </Section>
  );
}
