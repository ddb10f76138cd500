/** `/meetings/:id` before it: when it is, how one comes in, what is planned, who was asked. */
import { useCallback, useEffect, useState } from "react";

import { canJoin } from "../../core/calendar/board";
import { differs, nameZone } from "../../core/calendar/zones";
import { fileOf, type Occurrence, type Planned } from "../../core/api/calendar-client";
import { spellNumber } from "../../core/invitation/parse";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CalendarDays, ChevronLeft, CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { copy, failed, useFormats, useNow, usePorts, useTeller } from "./calendar";
import { CancelDialog } from "./CancelDialog";
import { Handed } from "./Handed";
import { pathOf } from "./links";
import styles from "./MeetingPage.module.css";
import { HeldRow, MeetingRow, PageLink, useReply } from "./MeetingRow";
import { Linked, Section } from "./Section";
import { People } from "./People";
import { ruleWords } from "./repeat-words";
import { Replies } from "./Replies";

export interface MeetingPageProps {
  id: string;
  /** The one of a series that is meant. */
  at?: string | undefined;
}

export function MeetingPage({ id, at }: MeetingPageProps) {
  const t = useT();
  const { api, go } = usePorts();
  const [planned, setPlanned] = useState<Planned>();
  const [failure, setFailure] = useState<string | null>(null);
  const load = useCallback(async () => {
    const answer = await api.meeting(id);
    if (answer.kind === "ok") setPlanned(answer.value);
    else setFailure(failed(t, answer));
  }, [api, id, t]);
  useEffect(() => {
    void (async () => load())();
  }, [load]);
  if (planned) return <Page planned={planned} at={at} onChange={() => void load()} />;
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

interface PageProps {
  planned: Planned;
  at: string | undefined;
  onChange(): void;
}

/** Which of a series the page is about: the one that was meant, else the next. */
function chosen({ coming, next }: Planned, at: string | undefined): Occurrence | undefined {
  return coming.find((one) => one.at === at) ?? next ?? coming[0];
}

function Page({ planned, at, onChange }: PageProps) {
  const t = useT();
  const now = useNow();
  const { go } = usePorts();
  const [cancelling, setCancelling] = useState(false);
  const one = chosen(planned, at);
  const isHost = planned.mine !== "invited";
  const isOver = planned.cancelled || one?.state === "cancelled";
  const title =
    one?.title || planned.title || t(planned.kind === "room" ? "meetings.room" : "meetings.untitled");
  const canNow = !isOver && (planned.kind !== "planned" || (one !== undefined && canJoin(one, now)));
  const edit = `/meetings/${planned.id}/edit${planned.rrule !== null && one ? `?at=${encodeURIComponent(one.at)}` : ""}`;
  return (
    <div className={styles.page}>
      <p className={styles.back}>
        <PageLink to="/">
          <ChevronLeft size={16} strokeWidth={1.75} aria-hidden="true" />
          {t("meetings.back")}
        </PageLink>
      </p>
      {isOver && (
        <Banner tone="warn" title={t("meetings.cancelled")}>
          {t("meetings.cancelled.text", { mails: planned.mails ? "yes" : "no" })}
        </Banner>
      )}
      {planned.handed && <Handed handed={[planned.handed]} onDone={onChange} />}
      <div className={styles.top}>
        <div className={styles.words}>
          <h1 className={styles.headline} dir="auto">
            {title}
          </h1>
          <When planned={planned} one={one} now={now} />
        </div>
        {!isOver && (
          <Button
            look={canNow ? "primary" : "quiet"}
            size={48}
            onPress={() => go(pathOf(planned.link, planned.number))}
          >
            {t("meetings.join")}
          </Button>
        )}
      </div>
      {planned.mine !== "owner" && !isOver && <MyAnswer planned={planned} onChange={onChange} />}
      <div className={styles.deeds}>
        {isHost && <CopyInvitation planned={planned} one={one} title={title} />}
        {planned.kind === "planned" && (
          <a className={styles.file} href={fileOf(planned.id)} download>
            <CalendarDays size={18} strokeWidth={1.75} aria-hidden="true" />
            {t("meetings.file")}
          </a>
        )}
        {isHost && !isOver && planned.kind !== "instant" && (
          <Button onPress={() => go(edit)}>{t("meetings.edit")}</Button>
        )}
        {planned.mine === "owner" && !isOver && planned.kind === "planned" && (
          <Button look="plain" onPress={() => setCancelling(true)}>
            {t("meetings.cancel.open")}
          </Button>
        )}
      </div>
      <Ways planned={planned} />
      {planned.notes !== "" && (
        <Section title={t("meetings.notes")}>
          <p className={styles.notes} dir="auto">
            <Linked text={planned.notes} />
          </p>
        </Section>
      )}
      {isHost && <People planned={planned} isRunning={one?.state === "running"} onChange={onChange} />}
      <Dates planned={planned} now={now} />
      <CancelDialog
        meeting={planned.id}
        at={planned.rrule !== null ? one?.at : undefined}
        title={title}
        mails={planned.mails}
        isOpen={cancelling}
        onClose={() => {
          setCancelling(false);
          onChange();
        }}
      />
    </div>
  );
}

/** In the reader's zone; where the meeting's clocks show another time, theirs as well. */
function When({ planned, one, now }: { planned: Planned; one: Occurrence | undefined; now: number }) {
  const t = useT();
  const { zone, languages } = usePorts();
  const locale = useFormats(languages);
  const [mine, theirs] = [useTeller(), useTeller(planned.time_zone)];
  if (planned.kind === "room") return <p className={styles.when}>{t("meetings.room.always")}</p>;
  if (!one) return <p className={styles.when}>{t("meetings.none")}</p>;
  const [from, to] = [Date.parse(one.starts_at), Date.parse(one.ends_at)];
  return (
    <>
      <p className={styles.when}>{mine.span(from, to, now)}</p>
      {differs(zone, planned.time_zone, from, to) && (
        <p className={styles.also}>
          {t("meetings.when.theirs", {
            when: theirs.span(from, to, now),
            zone: nameZone(planned.time_zone, locale, from).name,
          })}
        </p>
      )}
      {planned.rrule !== null && (
        <p className={styles.also}>
          {ruleWords(t, theirs, planned.rrule, (planned.starts ?? "").slice(0, 10), planned.time_zone)}
        </p>
      )}
      {planned.mine !== "owner" && (
        <p className={styles.also}>{t("meetings.by", { name: planned.organiser })}</p>
      )}
    </>
  );
}

function MyAnswer({ planned, onChange }: { planned: Planned; onChange(): void }) {
  const t = useT();
  const reply = useReply(planned.id, onChange);
  return (
    <div className={styles.answer}>
      <span>{t("meetings.reply")}</span>
      <Replies answer={planned.answer} onReply={(answer) => void reply(answer)} />
    </div>
  );
}

/** What one sends somebody by hand: what, when, and how one comes in. */
function CopyInvitation({
  planned,
  one,
  title,
}: {
  planned: Planned;
  one: Occurrence | undefined;
  title: string;
}) {
  const t = useT();
  const now = useNow();
  const { languages } = usePorts();
  const locale = useFormats(languages);
  const tell = useTeller(planned.time_zone);
  const { link, passcode } = planned;
  if (link === null) return null;
  const when = one ? tell.span(Date.parse(one.starts_at), Date.parse(one.ends_at), now) : "";
  const zone = nameZone(planned.time_zone, locale, one ? Date.parse(one.starts_at) : now);
  const words = t("meetings.invitation", {
    title,
    timed: one && planned.kind === "planned" ? "yes" : "no",
    when,
    zone: zone.long,
    link,
    number: spellNumber(planned.number),
    coded: passcode === null ? "no" : "yes",
    passcode: passcode ?? "",
  });
  return (
    <>
      <Button onPress={() => void copy(t, link, t("meetings.copy.link.done"))}>
        {t("meetings.copy.link")}
      </Button>
      <Button onPress={() => void copy(t, words, t("meetings.copy.done"))}>{t("meetings.copy")}</Button>
    </>
  );
}

function Ways({ planned }: { planned: Planned }) {
  const t = useT();
  const facts = [
    [t("meetings.number"), spellNumber(planned.number)],
    planned.passcode !== null && [t("meetings.passcode"), planned.passcode],
    planned.mine !== "invited" && [
      t("meetings.lobby"),
      t(`meetings.lobby.${planned.waiting_room ?? "guests"}`),
    ],
    planned.capacity !== null && [
      t("meetings.capacity"),
      t("meetings.capacity.of", { most: planned.capacity }),
    ],
    planned.attendance && [t("meetings.attendance"), t("meetings.attendance.on")],
  ].filter((fact): fact is [string, string] => Array.isArray(fact));
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Dates({ planned, now }: { planned: Planned; now: number }) {
  const t = useT();
  const isSeries = planned.rrule !== null && planned.coming.length > 1;
  return (
    <>
      {isSeries && (
        <Section title={t("meetings.dates")}>
          <ul className={styles.rows}>
            {planned.coming.map((one) => (
              <li key={one.at}>
                <MeetingRow one={one} now={now} mails={planned.mails} isDated />
              </li>
            ))}
          </ul>
        </Section>
      )}
      {planned.earlier.length > 0 && (
        <Section title={t("meetings.earlier", { count: planned.earlier.length })}>
          <ul className={styles.rows}>
            {planned.earlier.map((held) => (
              <li key={held.n}>
                <HeldRow held={held} now={now} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}
