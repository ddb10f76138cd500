import { useEffect, useRef, useState } from "react";
import { Dialog, DialogTrigger } from "react-aria-components";

import type { Session } from "../../core/meeting/session";
import type { Binding } from "../../core/shortcuts";
import { useT } from "../../i18n/react";
import { Dialog as Sheet } from "../../ui/Dialog";
import { Lock, MicOff, ShieldCheck } from "../../ui/icons";
import { announce } from "../../ui/live";
import { MenuItem } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useMeeting, useSession, useSheet } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";
import { HostRow } from "../../ui/room/HostRow";
import { useKey } from "../../ui/room/keys";
import { Slots } from "../../ui/room/Slots";
import { Switch } from "../../ui/Switch";
import { showToast } from "../../ui/Toast";

import { usePersonActions } from "./actions";
import { AskedBanner } from "./AskedBanner";
import { askedOf } from "./asked";
import { useHostCommand } from "./command";
import styles from "./host.module.css";
import { RemovalDialog } from "./removal";

const muteAllKeys: readonly Binding[] = [{ with: "option", key: "m" }];

function HostButton() {
  const t = useT();
  const isHost = useMay("host");
  const [isOpen, setOpen] = useState(false);
  if (!isHost) return null;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <BarButton
        icon={<ShieldCheck />}
        word={t("host.tools")}
        shortWord={t("host.tools.short")}
        label={t("host.tools")}
        look={isOpen ? "open" : "bare"}
      />
      <Popover look="dialog" placement="top end">
        <Dialog aria-label={t("host.tools")}>
          <Tools />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** The only place of host powers over the whole meeting. */
function Tools() {
  return (
    <div className={styles.tools}>
      <LockSwitch />
      <hr />
      <div className={styles.actions}>
        <Slots of={({ hostTool }) => hostTool} />
      </div>
    </div>
  );
}

function LockSwitch() {
  const t = useT();
  const command = useHostCommand();
  const { locked } = useMeeting();
  return (
    <Switch
      icon={<Lock size={20} strokeWidth={1.75} aria-hidden="true" />}
      isSelected={locked}
      onChange={(wanted) => void command("lock", { locked: wanted })}
    >
      {t("host.lock")}
    </Switch>
  );
}

function useMuteEveryone(): () => void {
  const t = useT();
  const command = useHostCommand();
  return () => {
    void (async () => {
      if (await command("mute_all", {})) announce(t("host.said.all_muted"));
    })();
  };
}

function MuteEveryone() {
  const t = useT();
  const muteEveryone = useMuteEveryone();
  return (
    <HostRow icon={<MicOff size={20} strokeWidth={1.75} />} onPress={muteEveryone}>
      {t("host.mute_all")}
    </HostRow>
  );
}

/** On a phone the same tools are a sheet, opened from More. */
function HostItem() {
  const t = useT();
  const { setOpen } = useSheet("host");
  if (!useMay("host")) return null;
  return (
    <MenuItem
      id="host"
      icon={<ShieldCheck size={20} strokeWidth={1.75} />}
      textValue={t("host.tools")}
      onAction={() => setOpen(true)}
    >
      {t("host.tools")}
    </MenuItem>
  );
}

function HostSheet() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("host");
  return (
    <Sheet title={t("host.tools")} isOpen={isOpen} onOpenChange={setOpen}>
      <Tools />
    </Sheet>
  );
}

/** Only while one is a host, so that the list of keys promises nobody else what it does not do. */
function HostKeys() {
  const t = useT();
  const muteEveryone = useMuteEveryone();
  useKey({ id: "mute-all", label: t("host.mute_all"), bindings: muteAllKeys, run: muteEveryone });
  return null;
}

function Attendant() {
  const t = useT();
  const session = useSession();
  const isHost = useMay("host");
  const latest = useRef(t);
  useEffect(() => {
    latest.current = t;
  });
  useEffect(() => {
    return session.log.onEvent(({ feature, type, payload }) => {
      if (feature !== "meeting") return;
      const say = latest.current;
      if (type === "muted" && payload["participant"] === session.passage.join.participant) {
        const text = say(`host.${whatStopped(payload["source"])}`);
        announce(text, "assertive");
        showToast({
          text,
          ...(payload["source"] === "microphone" && {
            actions: [{ label: say("host.unmute"), run: () => session.media.setMicrophone(true) }],
          }),
        });
      }
      if (type === "locked")
        announce(say(payload["locked"] === true ? "host.said.locked" : "host.said.unlocked"));
    });
  }, [session]);
  return (
    <>
      <RemovalDialog />
      <HostSheet />
      {isHost && <HostKeys />}
    </>
  );
}

function whatStopped(source: unknown): "stopped_your_video" | "stopped_your_share" | "muted_you" {
  if (source === "camera") return "stopped_your_video";
  return source === "screen_share" ? "stopped_your_share" : "muted_you";
}

/** A host may ask while the room is still being drawn. */
function attend(session: Session): () => void {
  askedOf(session);
  return () => undefined;
}

export const feature: RoomFeature = {
  name: "host",
  attend,
  bar: [{ id: "host", group: "host", order: 10, Button: HostButton, More: HostItem, phone: "more" }],
  usePersonActions,
  hostTool: { order: 10, Part: MuteEveryone },
  banner: { order: 10, Part: AskedBanner },
  Attendant,
};
