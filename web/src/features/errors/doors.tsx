/** The meeting's own door, while it does not let in. Each says what happened, why, and what can be done. */
import { useState } from "react";

import type { Denial } from "../../core/journey/journey";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert, DoorOpen, Lock, Users } from "../../ui/icons";
import { Status } from "../../ui/Status";

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
        title={t("errors.queued.title")}
        actions={
          <Button size={48} onPress={onCancel}>
            {t("errors.queued.cancel")}
          </Button>
        }
      >
        {t("errors.queued.text", {
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
      {t(isTried ? "errors.denied.stop" : "errors.tryAgain")}
    </Button>
  );
  return (
    <Status
      icon={icons[why]}
      title={t(why === "other" ? "errors.closed.title" : `errors.denied.${why}`)}
      actions={
        <>
          {tells && <TellTheHost onKnock={onKnock} onTold={() => setTold(true)} />}
          {!isFinal && retry}
          {!isTried && home}
        </>
      }
    >
      {t(why === "other" ? "errors.closed.text" : `errors.denied.${why}.text`, {
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
        {t(stands === "told" ? "errors.locked.told" : "errors.locked.tell")}
      </Button>
      {stands === "failed" && <p role="alert">{t("errors.locked.untold")}</p>}
    </>
  );
}

/** P7 for the room itself. */
export function Unfetched({ onRetry, onHome }: { onRetry(): void; onHome(): void }) {
  const t = useT();
  return (
    <Status
      icon={CircleAlert}
      tone="warn"
      title={t("errors.unfetched.title")}
      actions={
        <>
          <Button look="primary" size={48} onPress={onRetry}>
            {t("errors.tryAgain")}
          </Button>
          <Button size={48} onPress={onHome}>
            {t("errors.home")}
          </Button>
        </>
      }
    >
      {t("errors.unfetched.text")}
    </Status>
  );
}
