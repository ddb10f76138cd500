import { type MouseEvent, type ReactNode, useState } from "react";

import type { Held, Occurrence, Reply, Scope } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button, IconButton } from "../../ui/Button";
import { Ellipsis } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { showToast } from "../../ui/Toast";

import { copy, failed, usePorts, useTeller } from "./calendar";
import { CancelDialog } from "./CancelDialog";
import styles from "./MeetingRow.module.css";

export interface MeetingRowProps {
  one: Occurrence;
  now: number;
  /** Who is invited hears of changes by mail. */
  mails: boolean;
  /** The day stands in the place of the time. */
  isDated?: boolean;
  join?: "primary" | "quiet" | undefined;
  /** Copy link beside it, not only in its menu. */
  copies?: boolean;
}

/** One meeting that comes: when, what, how many, and what one can do with it. */
export function MeetingRow({ one, now, mails, isDated = false, join, copies = false }: MeetingRowProps) {
  const t = useT();
  const tell = useTeller();
  const { go } = usePorts();
  const copyLink = useCopyLink(one.meeting);
  const starts = Date.parse(one.starts_at);
  const title = one.title || t("meetings.untitled");
  return (
    <div className={styles.meeting} data-cancelled={one.state === "cancelled" || undefined}>
      <p className={styles.when}>{isDated ? tell.shortDay(starts, now) : tell.time(starts)}</p>
      <div className={styles.words}>
        <p className={styles.title}>
          <PageLink to={pageOf(one)}>
            <bdi>{title}</bdi>
          </PageLink>
        </p>
        <Facts facts={useFacts(one, now, isDated)} />
      </div>
      {copies && one.mine !== "invited" && (
        <Button look="plain" size={32} onPress={copyLink}>
          {t("meetings.copy.link")}
        </Button>
      )}
      {join && (
        <Button size={48} look={join} onPress={() => go(`/m/${one.number}`)}>
          {t("meetings.join")}
        </Button>
      )}
      <RowMenu one={one} title={title} mails={mails} />
    </div>
  );
}

export function pageOf({ meeting, at, repeats }: Occurrence): string {
  return `/meetings/${meeting}${repeats ? `?at=${encodeURIComponent(at)}` : ""}`;
}

/** What stands under the title, the most urgent first. */
function useFacts(one: Occurrence, now: number, isDated: boolean): (ReactNode | false | undefined)[] {
  const t = useT();
  const tell = useTeller();
  const [starts, ends] = [Date.parse(one.starts_at), Date.parse(one.ends_at)];
  if (one.state === "cancelled") return [t("meetings.cancelled"), isDated && tell.times(starts, ends)];
  return [
    one.state === "running" ? t("meetings.running") : tell.near(starts, now),
    isDated ? tell.times(starts, ends) : tell.duration(ends - starts),
    one.mine !== "owner" && <By key="by" organiser={one} />,
    one.mine !== "invited" && one.invited > 0 && t("meetings.invited", { count: one.invited }),
    one.mine !== "owner" && t("meetings.answered", { answer: one.answer ?? "none" }),
    one.repeats && t("meetings.repeats"),
    one.changed && t("meetings.changed"),
  ];
}

/** Who invites, with their face where they have given one. */
function By({ organiser: { organiser, picture } }: { organiser: Pick<Occurrence, "organiser" | "picture"> }) {
  const t = useT();
  return (
    <span className={styles.by}>
      {picture && <Avatar id={organiser} name={organiser} picture={picture} size={28} />}
      {t("meetings.by", { name: organiser })}
    </span>
  );
}

export function Facts({ facts }: { facts: readonly (ReactNode | false | undefined)[] }) {
  return (
    <ul className={styles.facts}>
      {facts.filter(Boolean).map((fact, index) => (
        // Facts never change places, they come and go.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index}>{fact}</li>
      ))}
    </ul>
  );
}

/** A link of ours: the page changes without being fetched anew, and a new tab is a new tab. */
export function PageLink({
  to,
  children,
  className,
}: {
  to: string;
  children: ReactNode;
  className?: string;
}) {
  const { go } = usePorts();
  return (
    <a
      href={to}
      className={className}
      onClick={(event: MouseEvent) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}

/** The link is asked for when it is wanted: a list holds no secrets. */
export function useCopyLink(meeting: string): () => void {
  const t = useT();
  const { api } = usePorts();
  return () => {
    const link = api.meeting(meeting).then((answer) => (answer.kind === "ok" ? answer.value.link : null));
    void copy(t, link, t("meetings.copy.link.done"));
  };
}

function RowMenu({ one, title, mails }: { one: Occurrence; title: string; mails: boolean }) {
  const t = useT();
  const { go, board } = usePorts();
  const reply = useReply(one.meeting, () => void board.refresh());
  const copyLink = useCopyLink(one.meeting);
  const [cancelling, setCancelling] = useState(false);
  const at = one.repeats ? `?at=${encodeURIComponent(one.at)}` : "";
  const isHost = one.mine !== "invited";
  const isOver = one.state === "cancelled";
  const run: Record<string, () => void> = {
    open: () => go(pageOf(one)),
    copy: copyLink,
    edit: () => go(`/meetings/${one.meeting}/edit${at}`),
    cancel: () => setCancelling(true),
    yes: () => void reply("yes"),
    maybe: () => void reply("maybe"),
    no: () => void reply("no"),
  };
  const label = t("meetings.more", { title });
  return (
    <>
      <MenuTrigger>
        <IconButton aria-label={label}>
          <Ellipsis size={20} strokeWidth={1.75} />
        </IconButton>
        <Popover placement="bottom end">
          <Menu aria-label={label} onAction={(id) => run[String(id)]?.()}>
            <MenuItem id="open">{t("meetings.open")}</MenuItem>
            <MenuItem id="copy">{t("meetings.copy.link")}</MenuItem>
            {isHost && !isOver && <MenuItem id="edit">{t("meetings.edit")}</MenuItem>}
            {!isHost && <MenuItem id="yes">{t("meetings.reply.yes")}</MenuItem>}
            {!isHost && <MenuItem id="maybe">{t("meetings.reply.maybe")}</MenuItem>}
            {!isHost && <MenuItem id="no">{t("meetings.reply.no")}</MenuItem>}
            {one.mine === "owner" && !isOver && one.kind === "planned" && (
              <MenuItem id="cancel" tone="danger">
                {t("meetings.cancel.open")}
              </MenuItem>
            )}
          </Menu>
        </Popover>
      </MenuTrigger>
      <CancelDialog
        meeting={one.meeting}
        at={one.repeats ? one.at : undefined}
        title={title}
        mails={mails}
        isOpen={cancelling}
        onClose={() => setCancelling(false)}
      />
    </>
  );
}

/** Yes, no or maybe, said to the organiser. */
export function useReply(meeting: string, onDone: () => void): (answer: Reply) => Promise<void> {
  const t = useT();
  const { api } = usePorts();
  return async (reply) => {
    const answer = await api.answer(meeting, reply);
    showToast({
      text: answer.kind === "ok" ? t("meetings.reply.done", { answer: reply }) : failed(t, answer),
    });
    if (answer.kind === "ok") onDone();
  };
}

export type { Scope };

/** One that took place. */
export function HeldRow({ held, now }: { held: Held; now: number }) {
  const t = useT();
  const tell = useTeller();
  const began = Date.parse(held.began_at);
  const ended = held.ended_at === null ? undefined : Date.parse(held.ended_at);
  const title = held.title || t(held.kind === "room" ? "meetings.room" : "meetings.untitled");
  return (
    <div className={styles.meeting}>
      <p className={styles.when}>{tell.shortDay(began, now)}</p>
      <div className={styles.words}>
        <p className={styles.title}>
          <PageLink to={`/meetings/${held.meeting}?n=${held.n}`}>
            <bdi>{title}</bdi>
          </PageLink>
        </p>
        <Facts
          facts={[
            tell.time(began),
            ended === undefined ? t("meetings.running") : tell.duration(ended - began),
            t("meetings.people", { count: held.people }),
          ]}
        />
      </div>
    </div>
  );
}
