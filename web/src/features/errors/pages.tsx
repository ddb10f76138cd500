import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CheckLink } from "../../ui/CheckLink";
import { CopyDetails } from "../../ui/CopyDetails";
import { CircleAlert, DoorOpen, ServerOff, TriangleAlert, Users } from "../../ui/icons";
import { Status, type StatusProps } from "../../ui/Status";

/** What went wrong, and the two ways on that there always are. */
export function TwoWays({ onRetry, onHome, ...status }: TwoWaysProps) {
  const t = useT();
  return (
    <Status
      {...status}
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
    />
  );
}

export interface TwoWaysProps extends Omit<StatusProps, "actions"> {
  onRetry(): void;
  onHome(): void;
}

/** J1. Says the same for unknown, wrong, ended and locked: from outside they are the same. */
export function ClosedDoor(ways: Pick<TwoWaysProps, "onRetry" | "onHome">) {
  const t = useT();
  return (
    <TwoWays icon={DoorOpen} title={t("errors.closed.title")} {...ways}>
      {t("errors.closed.text")}
    </TwoWays>
  );
}

/** P7 for the room itself. */
export function Unfetched(ways: Pick<TwoWaysProps, "onRetry" | "onHome">) {
  const t = useT();
  return (
    <TwoWays icon={CircleAlert} tone="warn" title={t("errors.unfetched.title")} {...ways}>
      {t("errors.unfetched.text")}
    </TwoWays>
  );
}

/** N9. The trying again is the caller's; here stands when it was last done. */
export function ServerDown({ lastTry, onRetry }: { lastTry: number; onRetry(): void }) {
  const t = useT();
  const time = timeOfDay(lastTry, "exact");
  return (
    <Status
      icon={ServerOff}
      tone="warn"
      title={t("errors.down.title")}
      actions={
        <>
          <Button look="primary" size={48} onPress={onRetry}>
            {t("errors.tryNow")}
          </Button>
          <span>{t("errors.down.lastTry", { time })}</span>
        </>
      }
    >
      {t("errors.down.text")}
    </Status>
  );
}

/** D13 */
export function TooOld() {
  const t = useT();
  return (
    <Status icon={TriangleAlert} tone="warn" title={t("errors.tooOld.title")}>
      {t("errors.tooOld.text")}
    </Status>
  );
}

/** J18 */
export function JoinedElsewhere({ onBack }: { onBack(): void }) {
  const t = useT();
  return (
    <Status
      icon={Users}
      title={t("errors.elsewhere.title")}
      actions={
        <Button look="primary" size={48} onPress={onBack}>
          {t("errors.elsewhere.back")}
        </Button>
      }
    >
      {t("errors.elsewhere.text")}
    </Status>
  );
}

/** P3 */
export function Crashed({ details, onReload }: { details: string; onReload(): void }) {
  const t = useT();
  return (
    <Status
      icon={TriangleAlert}
      tone="danger"
      title={t("errors.crash.title")}
      actions={
        <>
          <Button look="primary" size={48} onPress={onReload}>
            {t("errors.crash.reload")}
          </Button>
          <CopyDetails size={48} details={() => details} />
        </>
      }
    >
      {t("errors.crash.text")} <CheckLink apart />
    </Status>
  );
}
