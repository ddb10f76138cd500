/** What this device remembers about the meeting room: kept here, told to nobody. */
import type { Prefs } from "../../core/prefs/prefs";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Switch } from "../../ui/Switch";
import { useSelected, useStore } from "../../ui/use-store";

import { useDesk } from "./desk";
import { Part } from "./Part";

type Choice = "dimRoom" | "shortcuts" | "soundWhenLetIn";

function OneSwitch({ of, children }: { of: Choice; children: string }) {
  const { prefs } = useDesk();
  const on = useSelected(prefs, (all: Prefs) => all[of]);
  return (
    <Switch isSelected={on} onChange={(wanted) => prefs.set({ [of]: wanted })}>
      {children}
    </Switch>
  );
}

export function LookTab() {
  const t = useT();
  return (
    <>
      <Part title={t("account.room")} hint={t("account.look.hint")}>
        <OneSwitch of="dimRoom">{t("account.look.dim")}</OneSwitch>
      </Part>
      <InstallPart />
    </>
  );
}

/** Only where the browser would: elsewhere there is nothing to press. */
function InstallPart() {
  const t = useT();
  const { install } = useDesk();
  if (!useStore(install)) return null;
  return (
    <Part title={t("account.install")} hint={t("account.install.hint")}>
      <div>
        <Button onPress={() => void install.ask()}>{t("account.install.now")}</Button>
      </div>
    </Part>
  );
}

export function ShortcutsTab() {
  const t = useT();
  return (
    <Part title={t("account.room")} hint={t("account.shortcuts.hint")}>
      <OneSwitch of="shortcuts">{t("account.shortcuts.on")}</OneSwitch>
    </Part>
  );
}

export function NotificationsTab() {
  const t = useT();
  return (
    <Part title={t("account.notifications.sounds")} hint={t("account.device")}>
      <OneSwitch of="soundWhenLetIn">{t("account.notifications.letIn")}</OneSwitch>
    </Part>
  );
}
