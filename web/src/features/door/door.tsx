/** The meeting's own door, while it does not let in. Each says what happened, why, and what can be done. */
import { useState } from "react";

import type { Running } from "../../core/api/plans-client";
import type { JoinResult } from "../../core/api/types";
import type { Bar, Denial, Journey } from "../../core/journey/journey";
import type { Travel } from "../../core/journey/travel";
import { formatsOf, teller } from "../../core/calendar/when";
import { ownZone } from "../../core/calendar/zones";
import { timeOfDay } from "../../core/times";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CalendarDays, CircleAlert, DoorOpen, Lock, Users } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { AtOnce } from "./AtOnce";

type AtDoor = Extract<Journey, { at: "queued" | "denied" | "early" | "barred" }>;

export interface DoorProps {
  journey: AtDoor;
  travel: Pick<Travel, "back" | "wait">;
  /** J4, to who came with an invitation. */
  onKnock: ((join: JoinResult) => Promise<boolean>) | undefined;
  onHome(): void;
  onSignIn(): void;
  /** J2: of that meeting. */
  onPage(meeting: string): void;
  /** J8: the organiser hears of it. @returns whether they are told */
  onAsk(): Promise<boolean>;
  /** What takes the places where one's own meetings count; null for who has none. */
  onRunning(): Promise<Running | null>;
}

/** Whatever of a door one stands at. */
export function Door({ journey, travel, onKnock, ...ways }: DoorProps) {
  switch (journey.at) {
    case "queued":
      return <Queued {...journey} onCancel={travel.back} />;
    case "early":
      return <Early {...journey} onWait={travel.wait} onBack={travel.back} />;
    case "barred":
      return journey.why === "at_once" ? (
        <AtOnce most={journey.most ?? 1} onRetry={travel.back} {...ways} />
      ) : (
        <Barred {...journey} {...ways} />
      );
    case "denied":
      return (
        <Denied
          {...journey}
          {...ways}
          onRetry={travel.back}
          onKnock={onKnock && (() => onKnock(journey.join))}
        />
      );
  }
}

export interface QueuedProps {
  place: number;
  leftMs: number | undefined;
  onCancel(): void;
}

/** J6. The place is read again whenever it gets smaller. */
export function Queued({ place, leftMs, onCancel }: QueuedProps) {
  const t = useT();
  return (
    <div role="status">
      <Status
        icon={Users}
        title={t("door.queued.title")}
        actions={
          <Button size={48} onPress={onCancel}>
            {t("door.queued.cancel")}
          </Button>
        }
      >
        {t("door.queued.text", {
          place,
          known: leftMs === undefined ? "no" : "yes",
          minutes: Math.round((leftMs ?? 0) / 60_000),
        })}
      </Status>
    </div>
  );
}

export interface DeniedProps {
  why: Denial;
  most?: number | undefined;
  again?: boolean;
  when?: string;
  /** We ask again by ourselves. */
  isTried: boolean;
  /** J4: tells the hosts that one stands here. @returns whether they are told */
  onKnock?: (() => Promise<boolean>) | undefined;
  onRetry(): void;
  onHome(): void;
}

const icons: Readonly<Record<Denial, typeof DoorOpen>> = {
  ended: DoorOpen,
  locked: Lock,
  full: Users,
  at_once: Users,
  removed: CircleAlert,
  turned_away: DoorOpen,
  waiting_full: Users,
  personal: Lock,
  other: DoorOpen,
};

/** J2, J4, J5, J13, J14, J15; whatever else is said, J1. */
export function Denied({ why, most, again = false, when, isTried, onRetry, onHome, onKnock }: DeniedProps) {
  const t = useT();
  const [isTold, setTold] = useState(false);
  /** Who may tell the hosts does that first, and tries again afterwards. */
  const tells = why === "locked" && onKnock !== undefined;
  const isFinal = (why === "removed" && !again) || ["ended", "turned_away", "personal"].includes(why);
  const home = (
    <Button look={isFinal ? "primary" : "quiet"} size={48} onPress={onHome}>
      {t("errors.home")}
    </Button>
  );
  const retry = (
    <Button look={isTried || (tells && !isTold) ? "quiet" : "primary"} size={48} onPress={onRetry}>
      {t(isTried ? "door.stop" : "errors.tryAgain")}
    </Button>
  );
  return (
    <Status
      icon={icons[why]}
      title={t(why === "other" ? "errors.closed.title" : `door.${why}`)}
      actions={
        <>
          {tells && <TellTheHost onKnock={onKnock} onTold={() => setTold(true)} />}
          {!isFinal && retry}
          {!isTried && home}
        </>
      }
    >
      {t(why === "other" ? "errors.closed.text" : `door.${why}.text`, {
        most: most ?? 0,
        known: most === undefined ? "no" : "yes",
        tried: isTried ? "yes" : "no",
        tells: tells ? (isTold ? "told" : "yes") : "no",
        again: again ? "yes" : "no",
        timed: when === undefined ? "no" : "yes",
        time: when === undefined ? "" : timeOfDay(Date.parse(when)),
      })}
    </Status>
  );
}

/** One may do it once; whether it helps is the hosts' to say. */
function TellTheHost({ onKnock, onTold }: { onKnock(): Promise<boolean>; onTold(): void }) {
  const t = useT();
  const [stands, setStands] = useState<"idle" | "telling" | "told" | "failed">("idle");
  async function tell() {
    setStands("telling");
    const isHeard = await onKnock();
    setStands(isHeard ? "told" : "failed");
    if (isHeard) onTold();
  }
  return (
    <>
      <Button
        look={stands === "told" ? "quiet" : "primary"}
        size={48}
        isPending={stands === "telling"}
        isDisabled={stands === "told"}
        onPress={() => void tell()}
      >
        {t(stands === "told" ? "door.locked.told" : "door.locked.tell")}
      </Button>
      {stands === "failed" && <p role="alert">{t("door.locked.untold")}</p>}
    </>
  );
}

/** A clock of today, with its day otherwise, on the reader's clocks. */
function useMoment(): (at: number) => string {
  const locale = useLocale();
  return (at) => teller(formatsOf(locale, navigator.languages), ownZone()).moment(at, Date.now());
}

export interface EarlyProps {
  /** When it is planned for, ms; undefined where nobody said. */
  startsAt: number | undefined;
  /** Join was pressed for when it starts; we go on asking. */
  isWaiting: boolean;
  onWait(): void;
  onBack(): void;
}

/** J3. Joining is pressed once, and one is let in when it starts. */
export function Early({ startsAt, isWaiting, onWait, onBack }: EarlyProps) {
  const t = useT();
  const spell = useMoment();
  return (
    <div role="status">
      <Status
        icon={CalendarDays}
        title={t("door.early")}
        actions={
          <>
            {!isWaiting && (
              <Button look="primary" size={48} onPress={onWait}>
                {t("door.early.wait")}
              </Button>
            )}
            <Button size={48} onPress={onBack}>
              {t(isWaiting ? "door.early.stop" : "door.early.devices")}
            </Button>
          </>
        }
      >
        {t("door.early.text", {
          known: startsAt === undefined ? "no" : "yes",
          time: startsAt === undefined ? "" : spell(startsAt),
          waiting: isWaiting ? "yes" : "no",
        })}
      </Status>
    </div>
  );
}

export interface BarredProps extends Bar {
  onSignIn(): void;
  onPage(meeting: string): void;
  onAsk(): Promise<boolean>;
  onHome(): void;
}

/** J2, J7, J8: to whoever has proved something. Where a way on is known, it is the first. */
export function Barred({ why, when, meeting, account, onSignIn, onPage, onAsk, onHome }: BarredProps) {
  const t = useT();
  const spell = useMoment();
  const [asked, setAsked] = useState<"no" | "asking" | "yes" | "failed">("no");
  const mayAsk = why === "not_invited" && asked !== "yes";
  async function ask() {
    setAsked("asking");
    setAsked((await onAsk()) ? "yes" : "failed");
  }
  const hasPage = why === "over" && meeting !== undefined;
  const asksIn = why === "sign_in" || why === "not_invited";
  return (
    <Status
      icon={asksIn ? Lock : DoorOpen}
      title={t(`door.barred.${why}`)}
      actions={
        <>
          {hasPage && (
            <Button look="primary" size={48} onPress={() => onPage(meeting)}>
              {t("door.page")}
            </Button>
          )}
          {mayAsk && (
            <Button look="primary" size={48} isPending={asked === "asking"} onPress={() => void ask()}>
              {t("door.barred.not_invited.ask")}
            </Button>
          )}
          {asksIn && (
            <Button look={mayAsk ? "quiet" : "primary"} size={48} onPress={onSignIn}>
              {t(`door.barred.${why}.sign_in`)}
            </Button>
          )}
          <Button look={hasPage || asksIn ? "quiet" : "primary"} size={48} onPress={onHome}>
            {t("errors.home")}
          </Button>
        </>
      }
    >
      {t(`door.barred.${why}.text`, {
        timed: when === undefined ? "no" : "yes",
        time: when === undefined ? "" : spell(when),
        kept: hasPage ? "yes" : "no",
        account: account ?? "",
        asked: asked === "asking" ? "no" : asked,
      })}
    </Status>
  );
}
