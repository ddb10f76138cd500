import { type ReactNode, useEffect, useState } from "react";

import { signal } from "../../core/devices/signal";
import { spellNumber } from "../../core/invitation/parse";
import type { Waiting } from "../../core/journey/room";
import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { DoorOpen, Eye } from "../../ui/icons";
import { announce } from "../../ui/live";
import { usePrefs, useRoom, useSelected, useSession, useStore } from "../../ui/room/context";

import { SeenAs } from "./SeenAs";
import styles from "./WaitingPage.module.css";

export interface WaitingPageProps {
  told: Waiting;
  since: number;
  /** One's own picture, and the buttons of one's own devices. */
  picture: ReactNode;
  controls: ReactNode;
  onLeave(): void;
}

/** J11, J12, J16, J17: outside the meeting, with everything ready to go in. */
export function WaitingPage({ told, since, picture, controls, onLeave }: WaitingPageProps) {
  const t = useT();
  const session = useSession();
  const { name } = useStore(session.you);
  const [isLinkTold, setLinkTold] = useState(false);
  const reason = told.reason === "link_in_use" && isLinkTold ? "waiting" : told.reason;
  const { number } = session.passage.join.meeting;
  useLetIn();
  useSaid(t(`waiting.${reason}.title`));
  return (
    <section className={styles.waiting}>
      <h1 className={styles.headline}>{t(`waiting.${reason}.title`)}</h1>
      <div className={styles.columns}>
        <div className={styles.media}>
          <OwnPreview picture={picture} name={name} />
          <div className={styles.controls}>{controls}</div>
        </div>
        <div className={styles.side}>
          <h2 className={styles.title} dir="auto">
            {told.title ?? t("waiting.meeting", { number: spellNumber(number) })}
          </h2>
          {told.host && (
            <p className={styles.host}>
              {t("waiting.by")} <bdi>{told.host}</bdi>
            </p>
          )}
          <p className={styles.text}>{t(`waiting.${reason}.text`)}</p>
          {reason === "link_in_use" && (
            <Button look="primary" onPress={() => setLinkTold(true)}>
              {t("waiting.link_in_use.go")}
            </Button>
          )}
          {told.line && <HostsLine line={told.line} host={told.host} />}
          <ul className={styles.facts}>
            <li>
              <DoorOpen size={18} strokeWidth={1.75} aria-hidden="true" />
              {t("waiting.since", { time: timeOfDay(since) })}
            </li>
            <li>
              <SeenAs />
            </li>
          </ul>
          <div className={styles.foot}>
            <SoundChoice />
            <Button size={48} onPress={onLeave}>
              {t("waiting.leave")}
            </Button>
          </div>
        </div>
      </div>
    </section>
  );
}

function OwnPreview({ picture, name }: { picture: ReactNode; name: string }) {
  const t = useT();
  const { media } = useSession();
  const isShown = useSelected(media.state, ({ own }) => own.camera && own.cameraStands !== "asking");
  return (
    <div className={styles.preview} data-live={isShown || undefined} data-self="">
      {isShown ? (
        <>
          <div className={styles.mirror}>{picture}</div>
          <p className={styles.plate}>
            <Eye size={14} strokeWidth={2} aria-hidden="true" />
            {t("waiting.only_you")}
          </p>
        </>
      ) : (
        <div className={styles.nobody}>
          <Avatar id={name} name={name || "·"} size={72} />
          <p>{t("waiting.camera_off")}</p>
        </div>
      )}
    </div>
  );
}

function HostsLine({ line, host }: { line: string; host: string | null }) {
  const t = useT();
  return (
    <figure className={styles.line}>
      <figcaption>{host ? t("waiting.line.of", { name: host }) : t("waiting.line")}</figcaption>
      <blockquote dir="auto">{line}</blockquote>
    </figure>
  );
}

function SoundChoice() {
  const t = useT();
  const { soundWhenLetIn } = usePrefs();
  const { prefs } = useRoom();
  return (
    <Checkbox isSelected={soundWhenLetIn} onChange={(on) => prefs.set({ soundWhenLetIn: on })}>
      {t("waiting.sound")}
    </Checkbox>
  );
}

/** Who has gone to another tab meanwhile hears that the door is open. */
function useLetIn(): void {
  const { session, prefs } = useRoom();
  useEffect(
    () =>
      session.entry.subscribe(() => {
        if (session.entry.get().at === "in" && prefs.get().soundWhenLetIn) signal("let_in");
      }),
    [session, prefs],
  );
}

function useSaid(words: string): void {
  useEffect(() => announce(words), [words]);
}
