import { useEffect } from "react";

import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { Part } from "../../ui/Part";
import { PrefSwitch } from "../../ui/PrefSwitch";
import { usePrefs, useRoom, useSheet } from "../../ui/room/context";
import { chooseKeys, useKey, useKeys } from "../../ui/room/keys";

import { listKey } from "./keys";
import styles from "./Popovers.module.css";

const keyList = new Chunk(async () => {
  const { KeyList } = await import("./KeyList");
  return () => <KeyList keys={useKeys()} prefs={useRoom().prefs} />;
});

/** Lists the keys that are there at this moment, so it cannot promise one that does nothing. */
export function KeysDialog() {
  const t = useT();
  const { prefs } = useRoom();
  const { keys } = usePrefs();
  const { isOpen, setOpen } = useSheet("keys");
  useKey(listKey, () => setOpen(true));
  useEffect(() => chooseKeys(keys), [keys]);
  return (
    <Dialog title={t("call.keys")} isOpen={isOpen} onOpenChange={setOpen}>
      <div className={styles.switch}>
        <PrefSwitch prefs={prefs} of="shortcuts">
          {t("call.keys.on")}
        </PrefSwitch>
      </div>
      <Part of={keyList} props={{}} />
      <DialogButtons>
        <Button onPress={() => setOpen(false)}>{t("ui.close")}</Button>
      </DialogButtons>
    </Dialog>
  );
}
