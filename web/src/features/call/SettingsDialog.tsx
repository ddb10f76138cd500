import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CheckLink } from "../../ui/CheckLink";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { LanguageSwitch } from "../../ui/LanguageSwitch";
import { PrefSwitch } from "../../ui/PrefSwitch";
import { PrivacyLink } from "../../ui/PrivacyLink";
import { useRoom, useSheet } from "../../ui/room/context";
import { Slots } from "../../ui/room/Slots";

import styles from "./Settings.module.css";

/** What one chooses for oneself while the meeting goes on; kept on this device, told to nobody. */
export function SettingsDialog() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("settings");
  return (
    <Dialog title={t("call.settings")} isOpen={isOpen} onOpenChange={setOpen}>
      <div className={styles.rows}>
        <Language />
        <Dim />
        <Slots of={({ settings }) => settings} />
        <p className={styles.links}>
          <CheckLink apart /> <PrivacyLink apart />
        </p>
      </div>
      <DialogButtons>
        <Button onPress={() => setOpen(false)}>{t("ui.close")}</Button>
      </DialogButtons>
    </Dialog>
  );
}

function Language() {
  const t = useT();
  const { setLanguage } = useRoom();
  return (
    <div className={styles.row}>
      <span>{t("ui.language")}</span>
      <LanguageSwitch onChoose={setLanguage} />
    </div>
  );
}

function Dim() {
  const t = useT();
  const { prefs } = useRoom();
  return (
    <PrefSwitch prefs={prefs} of="dimRoom">
      {t("call.dim")}
    </PrefSwitch>
  );
}
