/** What this device remembers about the meeting room: kept here, told to nobody. */
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Part as Later } from "../../ui/Part";
import { PrefSwitch } from "../../ui/PrefSwitch";
import { useStore } from "../../ui/use-store";

import { useDesk } from "./desk";
import { Part } from "./Part";

export function DevicesTab() {
  const { shared } = useDesk();
  return <Later of={shared.devices} props={{}} />;
}

export function LookTab() {
  const t = useT();
  const { prefs, shared } = useDesk();
  return (
    <>
      <Part title={t("account.room")} hint={t("account.look.hint")}>
        <PrefSwitch prefs={prefs} of="dimRoom">
          {t("account.look.dim")}
        </PrefSwitch>
        <PrefSwitch prefs={prefs} of="mirrorSelf">
          {t("account.look.mirror")}
        </PrefSwitch>
        <Later of={shared.look} props={{}} />
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
  const { prefs, shared } = useDesk();
  return (
    <Part title={t("account.room")} hint={t("account.shortcuts.hint")}>
      <PrefSwitch prefs={prefs} of="shortcuts">
        {t("account.shortcuts.on")}
      </PrefSwitch>
      <Later of={shared.keys} props={{}} />
    </Part>
  );
}

export function NotificationsTab() {
  const t = useT();
  const { shared } = useDesk();
  return (
    <Part hint={t("account.device")}>
      <div>
        <Later of={shared.notices} props={{}} />
      </div>
    </Part>
  );
}
