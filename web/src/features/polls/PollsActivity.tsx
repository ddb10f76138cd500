import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { useLog, useMay } from "../../ui/room/context";

import { AskForm } from "./AskForm";
import { PollCard } from "./PollCard";
import styles from "./polls.module.css";
import { pollsLog } from "./state";

export function PollsActivity() {
  const t = useT();
  const isHost = useMay("host");
  const { polls } = useLog(pollsLog);
  const [isAsking, setAsking] = useState(false);
  return (
    // Without a stop of its own, a keyboard could not scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.polls} role="group" aria-label={t("polls.title")} tabIndex={0}>
      {isHost && isAsking && <AskForm onDone={() => setAsking(false)} />}
      {isHost && !isAsking && (
        <Button look={polls.length === 0 ? "primary" : "quiet"} wide onPress={() => setAsking(true)}>
          {t("polls.new")}
        </Button>
      )}
      {polls.length === 0 && !isAsking && (
        <p className={styles.empty}>{t(isHost ? "polls.none.host" : "polls.none")}</p>
      )}
      {polls.map((poll) => (
        <PollCard key={poll.id} poll={poll} />
      ))}
    </div>
  );
}
