import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { DoorOpen, LockOpen, ShieldCheck } from "../../ui/icons";
import { Part } from "../../ui/Part";
import { Switch } from "../../ui/Switch";

import styles from "./About.module.css";

const explained = new Chunk(async () => (await import("./popups")).Explained);

export interface AboutProps {
  title: string;
  isHost: boolean;
  /** To who makes the meeting, before it begins; undefined for everybody else. */
  waitingRoom?: boolean | undefined;
  onWaitingRoom?: ((on: boolean) => void) | undefined;
}

/** What this meeting is and how it is protected, in words and before anybody can be heard. */
export function About({ title, isHost, waitingRoom, onWaitingRoom }: AboutProps) {
  const t = useT();
  return (
    <>
      <h2 className={styles.title} dir="auto">
        {title}
      </h2>
      <ul className={styles.facts}>
        {isHost && (
          <li>
            <ShieldCheck size={18} strokeWidth={1.75} aria-hidden="true" />
            {t("lobby.host")}
          </li>
        )}
        <li>
          <LockOpen size={18} strokeWidth={1.75} aria-hidden="true" />
          {t("lobby.standard")}
          <Part of={explained} props={{}} />
        </li>
        {waitingRoom !== undefined && (
          <li className={styles.switch}>
            <Switch
              icon={<DoorOpen size={18} strokeWidth={1.75} aria-hidden="true" />}
              isSelected={waitingRoom}
              onChange={onWaitingRoom}
              aria-describedby="waiting-room-means"
            >
              {t("lobby.waiting_room")}
            </Switch>
            <p id="waiting-room-means" className={styles.means}>
              {t(waitingRoom ? "lobby.waiting_room.on" : "lobby.waiting_room.off")}
            </p>
          </li>
        )}
      </ul>
    </>
  );
}
