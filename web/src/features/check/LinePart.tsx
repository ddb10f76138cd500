import { useState } from "react";

import { type Leg, type LineFound, type Verdict, verdictOf } from "../../core/check/line";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Signal } from "../../ui/icons";

import { Card, type Finding } from "./Card";
import styles from "./check.module.css";

const tones: Record<Verdict, Finding["tone"]> = {
  good: "good",
  "udp-only": "good",
  "tcp-only": "warn",
  slow: "warn",
  lossy: "warn",
  refused: "warn",
  blocked: "bad",
  "no-signal": "bad",
  unreachable: "bad",
};

export interface LinePartProps {
  found: LineFound | null;
  onFound(found: LineFound | null): void;
  tryLine(): Promise<LineFound>;
  now(): number;
}

/** A real connection, as a call makes it; nothing of what is sent is anybody's voice. */
export function LinePart({ found, onFound, tryLine, now }: LinePartProps) {
  const t = useT();
  const [isTrying, setTrying] = useState(false);

  async function start() {
    onFound(null);
    setTrying(true);
    // A browser that gives no sound to send gives no call either.
    onFound(await tryLine().catch(() => ({ at: "tried", udp: null, tcp: null }) as const));
    setTrying(false);
  }

  return (
    <Card
      icon={Signal}
      title={t("check.line")}
      finding={useWords(found, now)}
      action={
        <Button isPending={isTrying} onPress={() => void start()}>
          {t(isTrying ? "check.line.trying" : "check.try")}
        </Button>
      }
    >
      {isTrying && <p>{t("check.line.takes")}</p>}
      {found?.at === "tried" && (
        <dl className={styles.numbers}>
          <Way name="UDP" leg={found.udp} />
          <Way name="TCP" leg={found.tcp} />
        </dl>
      )}
    </Card>
  );
}

function Way({ name, leg }: { name: string; leg: Leg | null }) {
  const t = useT();
  return (
    <div className={styles.way}>
      <dt>{name}</dt>
      <dd>{leg ? t("check.line.leg", numbers(leg)) : t("check.line.none")}</dd>
    </div>
  );
}

function numbers({ rttMs, loss }: Leg) {
  return {
    rtt: rttMs ?? 0,
    knowsRtt: rttMs === undefined ? "no" : "yes",
    loss: Math.round((loss ?? 0) * 100),
    knowsLoss: loss === undefined ? "no" : "yes",
  };
}

function useWords(found: LineFound | null, now: () => number): Finding | null {
  const t = useT();
  // When one may come again is a time, which stays true while one reads: reckoned once.
  const [again, setAgain] = useState<{ of: LineFound; at: number } | null>(null);
  if (!found) return null;
  if (again?.of !== found) setAgain({ of: found, at: now() + waitMs(found) });
  const verdict = verdictOf(found);
  const time = timeOfDay(again?.at ?? 0);
  return {
    tone: tones[verdict],
    title: t(`check.line.${verdict}`),
    text: t(`check.line.${verdict}.text`, { time }),
  };
}

function waitMs(found: LineFound): number {
  return found.at === "refused" ? 1000 * (found.retryAfterS ?? 60) : 0;
}
