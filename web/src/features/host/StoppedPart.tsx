import type { Recent, Stopped } from "../../core/meeting/hosted";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Lock, OctagonX } from "../../ui/icons";
import { useMeeting, usePeople } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import { Switch } from "../../ui/Switch";

import styles from "./host.module.css";
import { shownSwitches } from "./switches";

/** After Stop everything: who did what just before, and the way back, switch by switch or all at once. */
export function StoppedPart({ stopped }: { stopped: Stopped }) {
  const t = useT();
  const deed = useDeed();
  const { recent, locked } = useMeeting();
  return (
    <section aria-label={t("host.stopped.title")}>
      <h3 className={styles.stopped}>
        <OctagonX size={20} strokeWidth={1.75} aria-hidden="true" />
        {t("host.stopped.title")} <time dateTime={stopped.at}>{timeOfDay(stopped.at)}</time>
      </h3>
      <h4 className={styles.head}>{t("host.stopped.recent")}</h4>
      {recent.length === 0 && <p className={styles.empty}>{t("host.stopped.nothing")}</p>}
      <ul className={styles.recent}>
        {recent.map((one) => (
          <RecentRow key={one.participant} recent={one} />
        ))}
      </ul>
      <hr />
      <h4 className={styles.head}>{t("host.stopped.resume")}</h4>
      <ResumeSwitches stopped={stopped} />
      {locked && (
        <p className={styles.row}>
          <Lock size={20} strokeWidth={1.75} aria-hidden="true" />
          <span>{t("host.stopped.locked")}</span>
          <Button size={32} look="plain" onPress={() => void deed("resume", { what: "lock" })}>
            {t("host.stopped.unlock")}
          </Button>
        </p>
      )}
      <Button wide onPress={() => void deed("resume", { what: "all" })}>
        {t("host.stopped.resume_all")}
      </Button>
    </section>
  );
}

/** What was off before stays off: there is nothing to resume. */
function ResumeSwitches({ stopped: { kept } }: { stopped: Stopped }) {
  const t = useT();
  const deed = useDeed();
  const { policy } = useMeeting();
  const all = [
    ...shownSwitches.map((id) => ({ id, was: kept.may[id], is: policy.may[id] })),
    { id: "chat" as const, was: kept.chat !== "off", is: policy.chat !== "off" },
  ];
  return (
    <div className={styles.resume}>
      {all
        .filter(({ was }) => was)
        .map(({ id, is }) => (
          <Switch
            key={id}
            isSelected={is}
            // Not disabled: the focus stays where it was pressed.
            isReadOnly={is}
            onChange={(on) => void (on && deed("resume", { what: id }))}
          >
            {t(`host.may.${id}`)}
          </Switch>
        ))}
    </div>
  );
}

const MOST_DEEDS = 3;
/** What there are words for; the server notes more. */
const worded = new Set([
  "media_screen_share",
  "media_microphone",
  "media_camera",
  "chat_sent",
  "chat_deleted",
  "reactions_reacted",
  "reactions_hand_raised",
  "polls_voted",
  "polls_asked",
  "meeting_renamed",
  "meeting_joined",
]);

function RecentRow({ recent: { participant, name, did } }: { recent: Recent }) {
  const t = useT();
  const deed = useDeed();
  const isHere = usePeople().some(({ id }) => id === participant);
  const words = did
    .map(({ what, at }) => ({ what: what.replace(".", "_"), at }))
    .filter(({ what }) => worded.has(what))
    .slice(0, MOST_DEEDS)
    .map(({ what, at }) => `${timeOfDay(at)} ${t("host.did", { what })}`);
  return (
    <li className={styles.recentRow}>
      <Avatar id={participant} name={name} size={28} />
      <p>
        <bdi>{name}</bdi>
        <small>{words.join(" · ")}</small>
      </p>
      {isHere && (
        <Button
          size={32}
          look="plain"
          aria-label={t("host.block.label", { name })}
          onPress={() => void deed("remove", { participant, block: true }, name)}
        >
          <span className={styles.danger}>{t("host.block")}</span>
        </Button>
      )}
    </li>
  );
}
