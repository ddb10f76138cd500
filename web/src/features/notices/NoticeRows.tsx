import { useState } from "react";

import { signal } from "../../core/devices/signal";
import { useT } from "../../i18n/react";
import { usePrefs, useRoom } from "../../ui/room/context";
import { Switch } from "../../ui/Switch";

import { isSilent, kinds, withSound } from "./notice";
import styles from "./notices.module.css";
import { allowNotifications, canNotify } from "./telling";

/** Which sounds, and whether the system shows what happens while the page is hidden. */
export function NoticeRows() {
  const t = useT();
  const { prefs } = useRoom();
  const { silent } = usePrefs();
  return (
    <>
      <Notifications />
      <div role="group" aria-label={t("notices.sounds")}>
        <p className={styles.head}>{t("notices.sounds")}</p>
        {kinds.map((kind) => (
          <Switch
            key={kind}
            isSelected={!isSilent(silent, kind)}
            onChange={(on) => {
              prefs.set({ silent: withSound(silent, kind, on) });
              if (on) signal(kind);
            }}
          >
            {t(`notices.sound.${kind}`)}
          </Switch>
        ))}
      </div>
    </>
  );
}

function Notifications() {
  const t = useT();
  const { prefs } = useRoom();
  const { notify } = usePrefs();
  const [isRefused, setRefused] = useState(() => canNotify() && Notification.permission === "denied");
  if (!canNotify()) return null;
  const isOn = notify === "on" && Notification.permission === "granted";
  const turn = async (on: boolean): Promise<void> => {
    const isAllowed = on && (await allowNotifications());
    setRefused(on && !isAllowed);
    prefs.set({ notify: isAllowed ? "on" : "off" });
  };
  return (
    <>
      <Switch isSelected={isOn} onChange={(on) => void turn(on)}>
        {t("notices.notify")}
      </Switch>
      <p className={styles.hint} role={isRefused ? "alert" : undefined}>
        {t(isRefused ? "notices.refused" : "notices.notify.hint")}
      </p>
    </>
  );
}
