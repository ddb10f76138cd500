import { useEffect, useState } from "react";

import type { Running } from "../../core/api/plans-client";
import { spellNumber } from "../../core/invitation/parse";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Users } from "../../ui/icons";
import { Status } from "../../ui/Status";

import styles from "./AtOnce.module.css";

export interface AtOnceProps {
  most: number;
  onRetry(): void;
  onHome(): void;
  onRunning(): Promise<Running | null>;
}

/** J21: it would be one meeting too many. Who has some going sees which; who may choose another plan is shown the way. */
export function AtOnce({ most, onRetry, onHome, onRunning }: AtOnceProps) {
  const t = useT();
  const running = useRunning(onRunning);
  return (
    <div role="status">
      <Status
        icon={Users}
        title={t("door.at_once")}
        actions={
          <>
            <Button look="primary" size={48} onPress={onRetry}>
              {t("errors.tryAgain")}
            </Button>
            {running?.plans && (
              <a className={styles.plans} href={running.plans}>
                {t("door.at_once.plans")}
              </a>
            )}
            <Button size={48} onPress={onHome}>
              {t("errors.home")}
            </Button>
          </>
        }
      >
        {t("door.at_once.text", { most, tried: "no" })}
      </Status>
      {running && <Taken {...running} />}
    </div>
  );
}

function useRunning(ask: () => Promise<Running | null>): Running | null {
  const [running, setRunning] = useState<Running | null>(null);
  useEffect(() => {
    let isGone = false;
    void ask().then((found) => isGone || setRunning(found));
    return () => {
      isGone = true;
    };
  }, [ask]);
  return running;
}

function Taken({ mine, others }: Running) {
  const t = useT();
  return (
    <section className={styles.taken}>
      {mine.length > 0 && (
        <>
          <h2>{t("door.at_once.mine")}</h2>
          <ul>
            {mine.map(({ number, title }) => (
              <li key={number}>
                <a href={`/m/${number}`}>{title || spellNumber(number)}</a>
              </li>
            ))}
          </ul>
        </>
      )}
      {others > 0 && <p>{t("door.at_once.others", { others, mine: mine.length > 0 ? "yes" : "no" })}</p>}
    </section>
  );
}
