import { useState } from "react";

import { signal } from "../../core/devices/signal";
import type { PrefsStore } from "../../core/prefs/prefs";
import { useT } from "../../i18n/react";
import { PrefSwitch } from "../../ui/PrefSwitch";
import { Switch } from "../../ui/Switch";
import { useStore } from "../../ui/use-store";

import { isSilent, kinds, withSound } from "./notice";
import styles from "./notices.module.css";
import { allowNotifications, canNotify } from "./telling";

/** Which sounds, and whether the system shows what happens while the page is hidden: in the room and in the settings. */
export function NoticeRows({ prefs }: { prefs: PrefsStore }) {
  const t = useT();
  const { silent } = useStore(prefs);
  return (
    <>
      <Notifications prefs={prefs} />
      <div role="group" aria-label={t("notices.sounds")}>
        <p className={styles.head}>{t("notices.sounds")}</p>
        <PrefSwitch prefs={prefs} of="soundWhenLetIn">
          {t("notices.sound.let_in")}
        </PrefSwitch>
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

function Notifications({ prefs }: { prefs: PrefsStore }) {
  const t = useT();
  const { notify } = useStore(prefs);
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
