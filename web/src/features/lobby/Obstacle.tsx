import { useEffect, useState } from "react";

import { Chunk } from "../../core/chunk";
import type { Obstacle as ObstacleState } from "../../core/devices/state";
import { browserName, systemName } from "../../core/platform";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert, Mic, TriangleAlert } from "../../ui/icons";
import { Part } from "../../ui/Part";

import styles from "./Obstacle.module.css";

const showMe = new Chunk(async () => (await import("./popups")).ShowMe);

const copyLink = new Chunk(async () => (await import("./popups")).CopyLink);

/** Which of them offers to try again. */
const retried: ReadonlySet<ObstacleState["status"]> = new Set(["blocked", "system", "busy"]);

/** What Join says and how loud, while something stands in the way. */
export function joinLook(
  obstacle: ObstacleState | undefined,
  beside: boolean,
): { label: string; quiet: boolean } {
  const label = obstacle ? joinLabel(obstacle) : "lobby.join";
  return { label, quiet: obstacle !== undefined && !beside && ownsFilled(obstacle.status) };
}

/** There is one filled button. */
function ownsFilled(status: ObstacleState["status"]): boolean {
  return retried.has(status) || status === "unsupported";
}

function joinLabel({ status, devices }: ObstacleState): string {
  if (status === "asking") return "lobby.join.without";
  if (devices === "camera") return status === "blocked" ? "lobby.join.without" : "lobby.join";
  return "lobby.join.listen";
}

/** A prompt that is answered at once needs no words about it; everything else is told at once. */
export function useSettled(obstacle: ObstacleState | undefined): ObstacleState | undefined {
  const asking = obstacle?.status === "asking";
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (!asking) return undefined;
    const timer = setTimeout(() => setWaited(true), 800);
    return () => {
      clearTimeout(timer);
      setWaited(false);
    };
  }, [asking]);
  return asking && !waited ? undefined : obstacle;
}

/** D1–D5, D11, D12: what happened, why, what to do. */
export function Obstacle({ obstacle, onRetry }: { obstacle: ObstacleState; onRetry(): void }) {
  const t = useT();
  const { status, devices } = obstacle;
  const dev = devices === "microphone" ? "mic" : devices === "camera" ? "cam" : "both";
  const values = { dev, os: systemName(navigator.userAgent), browser: browserName(navigator.userAgent) };
  const Icon =
    status === "asking" ? Mic : status === "missing" || status === "busy" ? TriangleAlert : CircleAlert;
  return (
    <div className={styles.obstacle} role="status">
      <Icon size={24} strokeWidth={1.75} className={styles.icon} data-status={status} aria-hidden="true" />
      <p className={styles.title}>{t(`lobby.${status}.title`, values)}</p>
      <p className={styles.words}>{t(`lobby.${status}.text`, values)}</p>
      {retried.has(status) && (
        <div className={styles.actions}>
          <Button look="primary" onPress={onRetry}>
            {t("lobby.tryAgain")}
          </Button>
          {status === "blocked" && <Part of={showMe} props={{}} />}
        </div>
      )}
      {status === "unsupported" && (
        <div className={styles.actions}>
          <Part of={copyLink} props={{}} />
        </div>
      )}
    </div>
  );
}
