import { useEffect, useState } from "react";

import { canJoin, isEmpty, type Sections, sectionsOf } from "../../core/calendar/board";
import type { Held, Occurrence } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useStore } from "../../ui/use-store";

import { failed, useNow, usePorts, useTeller } from "./calendar";
import styles from "./Dashboard.module.css";
import { Fold } from "./Fold";
import { Handed } from "./Handed";
import { pathOf } from "./links";
import { HeldRow, MeetingRow } from "./MeetingRow";
import { Own } from "./Own";

/** How often the list is asked for while one looks at it. */
const REFRESH_MS = 60_000;

export interface DashboardProps {
  /** Join…: a link or a number that was sent. */
  onJoin(): void;
}

/** Of who is signed in: what is next, today, later and earlier, and the three ways to begin. */
export function Dashboard({ onJoin }: DashboardProps) {
  const t = useT();
  const tell = useTeller();
  const now = useNow();
  const { board: store, go } = usePorts();
  const { board, earlier, isAll, isLost } = useStore(store);
  useFreshness(store.refresh);
  const start = useStart();
  const sections = board && sectionsOf(board, now);
  const isFirst = sections?.primary !== "join";
  return (
    <div className={styles.page}>
      <h1 className={styles.headline}>{tell.longDay(now)}</h1>
      <div className={styles.actions}>
        <Button
          size={48}
          look={isFirst ? "primary" : "quiet"}
          isPending={start.isBusy}
          onPress={() => void start.begin()}
        >
          {t("meetings.start")}
        </Button>
        <Button size={48} onPress={onJoin}>
          {t("meetings.join.open")}
        </Button>
        <Button size={48} onPress={() => go("/meetings/new")}>
          {t("meetings.plan")}
        </Button>
      </div>
      {start.failure && (
        <div className={styles.notice}>
          <Banner
            tone="warn"
            title={t("meetings.start.failed")}
            actions={
              start.failure.plans && (
                <a className={styles.plans} href={start.failure.plans}>
                  {t("meetings.start.plans")}
                </a>
              )
            }
          >
            {start.failure.words}
          </Banner>
        </div>
      )}
      {board && <Handed handed={board.handed} onDone={() => void store.refresh()} />}
      {isLost && board && (
        <div className={styles.notice}>
          <Banner tone="warn" title={t("meetings.lost")}>
            {t("meetings.lost.text")}
          </Banner>
        </div>
      )}
      {sections && board ? (
        isEmpty(board) ? (
          <Empty />
        ) : (
          <Lists sections={sections} now={now} mails={board.mails} />
        )
      ) : (
        <Loading isLost={isLost} onRetry={() => void store.refresh()} />
      )}
      {board && earlier.length > 0 && (
        <Earlier
          earlier={earlier}
          now={now}
          onMore={isAll ? undefined : () => void store.more()}
          isOpen={!sections?.next}
        />
      )}
      <Own />
    </div>
  );
}

function useFreshness(refresh: () => Promise<void>): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") void refresh();
    };
    look();
    const timer = setInterval(look, REFRESH_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [refresh]);
}

/** A meeting made with one press; guests wait until its settings are thought of. */
function useStart() {
  const t = useT();
  const { api, go, plans } = usePorts();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ words: string; plans?: string } | null>(null);
  async function begin() {
    setBusy(true);
    setFailure(null);
    const answer = await api.now({ preset: "careful" });
    setBusy(false);
    if (answer.kind === "ok") go(pathOf(answer.value.link, answer.value.number));
    else {
      const words = failed(t, answer);
      setFailure({ words });
      const isFull = answer.kind === "refused" && answer.refusal.code === "meeting.at_once";
      const where = isFull ? await plans?.() : null;
      if (where) setFailure({ words, plans: where });
    }
  }
  return { isBusy, failure, begin };
}

/** P5 */
function Empty() {
  const t = useT();
  return (
    <section className={styles.empty}>
      <h2>{t("meetings.empty")}</h2>
      <p>{t("meetings.empty.text")}</p>
    </section>
  );
}

/** Nothing for a moment, then blocks in the final size; after 4 s a sentence, after 15 s a way out. */
function Loading({ isLost, onRetry }: { isLost: boolean; onRetry(): void }) {
  const t = useT();
  const [after, setAfter] = useState(0);
  useEffect(() => {
    const timers = [400, 4000, 15_000].map((ms) => setTimeout(() => setAfter(ms), ms));
    return () => timers.forEach(clearTimeout);
  }, []);
  if (isLost || after >= 15_000)
    return (
      <section className={styles.empty} role="alert">
        <h2>{t("meetings.lost")}</h2>
        <p>{t("meetings.lost.none")}</p>
        <Button onPress={onRetry}>{t("meetings.again")}</Button>
      </section>
    );
  if (after < 400) return <div className={styles.loading} />;
  return (
    <div className={styles.loading} role="status" aria-label={t("meetings.loading")}>
      <i className={styles.block} data-tall="" />
      <i className={styles.block} />
      <i className={styles.block} />
      {after >= 4000 && <p className={styles.slow}>{t("meetings.loading.slow")}</p>}
    </div>
  );
}

function Lists({ sections, now, mails }: { sections: Sections; now: number; mails: boolean }) {
  const t = useT();
  const tell = useTeller();
  const { next, now: others, today, later, primary } = sections;
  return (
    <>
      {next && (
        <section className={styles.section} aria-labelledby="meetings-next">
          <h2 id="meetings-next" className={styles.title}>
            {t(next.state === "running" ? "meetings.now" : "meetings.next")}
          </h2>
          <div className={styles.card}>
            <MeetingRow
              one={next}
              now={now}
              mails={mails}
              isDated={next.state !== "running" && tell.dayOf(Date.parse(next.starts_at)) !== tell.dayOf(now)}
              join={primary === "join" ? "primary" : "quiet"}
              copies
            />
          </div>
        </section>
      )}
      <Group id="meetings-also" title={t("meetings.also")} meetings={others} now={now} mails={mails} />
      <Group id="meetings-today" title={t("meetings.today")} meetings={today} now={now} mails={mails} />
      <Group
        id="meetings-later"
        title={t("meetings.later")}
        meetings={later}
        now={now}
        mails={mails}
        isDated
      />
    </>
  );
}

interface GroupProps {
  id: string;
  title: string;
  meetings: readonly Occurrence[];
  now: number;
  mails: boolean;
  /** Their day stands where others have their time. */
  isDated?: boolean;
}

function Group({ id, title, meetings, now, mails, isDated = false }: GroupProps) {
  if (meetings.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      <ul className={styles.rows}>
        {meetings.map((one) => (
          <li key={`${one.meeting} ${one.at}`} className={styles.row}>
            <MeetingRow
              one={one}
              now={now}
              mails={mails}
              isDated={isDated}
              join={canJoin(one, now) ? "quiet" : undefined}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface EarlierProps {
  earlier: readonly Held[];
  now: number;
  isOpen: boolean;
  onMore: (() => void) | undefined;
}

function Earlier({ earlier, now, isOpen: startsOpen, onMore }: EarlierProps) {
  const t = useT();
  const [isOpen, setOpen] = useState(startsOpen);
  return (
    <section className={styles.section}>
      <h2>
        <Fold title={t("meetings.earlier", { count: earlier.length })} isOpen={isOpen} onOpen={setOpen} />
      </h2>
      {isOpen && (
        <>
          <ul className={styles.rows}>
            {earlier.map((held) => (
              <li key={`${held.meeting} ${held.n}`} className={styles.row}>
                <HeldRow held={held} now={now} />
              </li>
            ))}
          </ul>
          {onMore && (
            <Button look="plain" onPress={onMore}>
              {t("meetings.earlier.more")}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
