/** The meeting's own door, while it does not let in. Each says what happened, why, and what can be done. */
import type { Denial } from "../../core/journey/journey";
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
  most: number | undefined;
  /** We ask again by ourselves. */
  isTried: boolean;
  onRetry(): void;
  onHome(): void;
}

const icons = { ended: DoorOpen, locked: Lock, full: Users, removed: CircleAlert, other: DoorOpen } as const;

/** J2, J4, J5, J15; whatever else is said, J1. */
export function Denied({ why, most, isTried, onRetry, onHome }: DeniedProps) {
  const t = useT();
  const isFinal = why === "removed" || why === "ended";
  const home = (
    <Button look={isFinal ? "primary" : "quiet"} size={48} onPress={onHome}>
      {t("errors.home")}
    </Button>
  );
  const retry = (
    <Button look={isTried ? "quiet" : "primary"} size={48} onPress={onRetry}>
      {t(isTried ? "errors.denied.stop" : "errors.tryAgain")}
    </Button>
  );
  return (
    <Status
      icon={icons[why]}
      title={t(why === "other" ? "errors.closed.title" : `errors.denied.${why}`)}
      actions={
        <>
          {!isFinal && retry}
          {!isTried && home}
        </>
      }
    >
      {t(why === "other" ? "errors.closed.text" : `errors.denied.${why}.text`, {
        most: most ?? 0,
        known: most === undefined ? "no" : "yes",
        tried: isTried ? "yes" : "no",
      })}
    </Status>
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
