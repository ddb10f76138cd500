import { useEffect, useRef, useState } from "react";
import { Dialog, DialogTrigger, Switch } from "react-aria-components";

import type { Binding } from "../../core/shortcuts";
import { useT } from "../../i18n/react";
import { Lock, MicOff, ShieldCheck } from "../../ui/icons";
import { announce } from "../../ui/live";
import { MenuItem } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useIsHost, useMeeting, useRoom, useSession } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";
import { HostRow } from "../../ui/room/HostRow";
import { useKey } from "../../ui/room/keys";
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
  const isHost = useIsHost();
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
        <Dialog className={styles.tools ?? ""} aria-label={t("host.tools")}>
          <LockSwitch />
          <hr />
          <div className={styles.actions}>
            <MuteEveryone />
            <FeatureTools />
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function LockSwitch() {
  const t = useT();
  const command = useHostCommand();
  const { locked } = useMeeting();
  return (
    <Switch
      className={styles.switch ?? ""}
      isSelected={locked}
      onChange={(wanted) => void command("lock", { locked: wanted })}
    >
      <Lock size={20} strokeWidth={1.75} aria-hidden="true" />
      <span>{t("host.lock")}</span>
      <i />
    </Switch>
  );
}

function useMuteEveryone(): () => void {
  const t = useT();
  const command = useHostCommand();
  return () => {
    void (async () => {
      if (await command("mute_all")) announce(t("host.said.all_muted"));
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

function FeatureTools() {
  return useRoom().features.map(({ name, HostTool }) => HostTool && <HostTool key={name} />);
}

/** On a phone the same tools are items of More. */
function HostItems() {
  const t = useT();
  const command = useHostCommand();
  const muteEveryone = useMuteEveryone();
  const { locked } = useMeeting();
  if (!useIsHost()) return null;
  const lock = t(locked ? "host.unlock" : "host.lock");
  return (
    <>
      <MenuItem
        id="host-lock"
        icon={<Lock size={20} strokeWidth={1.75} />}
        textValue={lock}
        onAction={() => void command("lock", { locked: !locked })}
      >
        {lock}
      </MenuItem>
      <MenuItem
        id="host-mute-all"
        icon={<MicOff size={20} strokeWidth={1.75} />}
        textValue={t("host.mute_all")}
        onAction={muteEveryone}
      >
        {t("host.mute_all")}
      </MenuItem>
    </>
  );
}

function Attendant() {
  const t = useT();
  const session = useSession();
  const isHost = useIsHost();
  const muteEveryone = useMuteEveryone();
  const latest = useRef(t);
  useEffect(() => {
    latest.current = t;
  });
  useKey({
    id: "mute-all",
    label: t("host.mute_all"),
    bindings: muteAllKeys,
    run: () => {
      if (isHost) muteEveryone();
    },
  });
  useEffect(() => {
    askedOf(session);
    return session.log.onEvent(({ feature, type, payload }) => {
      if (feature !== "meeting") return;
      const say = latest.current;
      if (type === "muted" && payload["participant"] === session.passage.join.participant) {
        const text = say(`host.${whatStopped(payload["source"])}`);
        announce(text, "assertive");
        showToast({
          text,
          ...(payload["source"] === "microphone" && {
            actions: [{ label: say("host.unmute"), run: () => session.media.own?.setMicrophone(true) }],
          }),
        });
      }
      if (type === "locked")
        announce(say(payload["locked"] === true ? "host.said.locked" : "host.said.unlocked"));
    });
  }, [session]);
  return <RemovalDialog />;
}

function whatStopped(source: unknown): "stopped_your_video" | "stopped_your_share" | "muted_you" {
  if (source === "camera") return "stopped_your_video";
  return source === "screen_share" ? "stopped_your_share" : "muted_you";
}

export const feature: RoomFeature = {
  name: "host",
  bar: [{ id: "host", group: "host", order: 10, Button: HostButton, More: HostItems, phone: "more" }],
  usePersonActions,
  Banner: AskedBanner,
  Attendant,
};
