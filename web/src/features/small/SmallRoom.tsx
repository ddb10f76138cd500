import { type ReactNode, useCallback } from "react";
import { Button } from "react-aria-components";

import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Maximize, Mic, MicOff, PhoneOff, Video, VideoOff } from "../../ui/icons";
import { useMay, usePeople, useSelected, useSession, useSheet, useStore } from "../../ui/room/context";

import { type Lead, smallOf } from "./small";
import styles from "./small.module.css";

/** Who speaks, and what one must be able to do without coming back: mute, camera, leave. */
export function SmallRoom({ onBack }: { onBack(): void }) {
  const t = useT();
  const session = useSession();
  const { media } = session;
  const lead = useStore(smallOf(session).lead);
  const sound = useSelected(media.state, ({ own }) => own.microphone);
  const picture = useSelected(media.state, ({ own }) => own.camera);
  return (
    <main className={styles.room} aria-label={t("small.word")}>
      {lead && <Seen lead={lead} />}
      <div className={styles.bar}>
        <Control
          label={t(sound ? "small.mute" : "small.unmute")}
          isOff={!sound}
          onPress={() => media.setMicrophone(!sound)}
        >
          {sound ? <Mic /> : <MicOff />}
        </Control>
        <Control
          label={t(picture ? "small.stop_video" : "small.start_video")}
          isOff={!picture}
          onPress={() => media.setCamera(!picture)}
        >
          {picture ? <Video /> : <VideoOff />}
        </Control>
        <Control label={t("small.back")} onPress={onBack}>
          <Maximize />
        </Control>
        <Leave onBack={onBack} />
      </div>
    </main>
  );
}

function Seen({ lead }: { lead: Lead }) {
  const { pictures } = useSession().media;
  const person = usePeople().find(({ id }) => id === lead.id);
  const { id, source } = lead;
  const attach = useCallback(
    (video: HTMLVideoElement | null) => (video ? pictures.also(id, source, video) : undefined),
    [pictures, id, source],
  );
  if (!person) return null;
  const isSeen = source === "screen" || person.camera;
  return (
    <figure className={styles.seen} data-source={source}>
      {!isSeen && <Avatar id={person.id} name={person.name} size={72} />}
      <video ref={attach} hidden={!isSeen} data-self={person.self || undefined} muted autoPlay playsInline />
      <figcaption>
        {person.microphone === "live" ? <Mic size={14} /> : <MicOff size={14} />}
        <bdi>{person.name}</bdi>
      </figcaption>
    </figure>
  );
}

/** Hosts are asked what they mean, where there is room for the question. */
function Leave({ onBack }: { onBack(): void }) {
  const t = useT();
  const session = useSession();
  const isHost = useMay("host");
  const { setOpen } = useSheet("leave");
  const leave = (): void => {
    if (!isHost) return session.leave();
    onBack();
    window.focus();
    setOpen(true);
  };
  return (
    <Control label={t("small.leave")} look="leave" onPress={leave}>
      <PhoneOff />
    </Control>
  );
}

interface ControlProps {
  label: string;
  isOff?: boolean;
  look?: "leave";
  onPress(): void;
  children: ReactNode;
}

function Control({ label, isOff = false, look, onPress, children }: ControlProps) {
  return (
    <Button className={styles.control ?? ""} data-off={isOff || undefined} data-look={look} onPress={onPress}>
      {children}
      <span>{label}</span>
    </Button>
  );
}
