import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { usePrefs, useRoom, useSheet } from "../../ui/room/context";
import { spelled, useKey, useKeys } from "../../ui/room/keys";
import { Switch } from "../../ui/Switch";

import { listKeys } from "./keys";
import styles from "./Popovers.module.css";

/** Lists the keys that are there at this moment, so it cannot promise one that does nothing. */
export function KeysDialog() {
  const t = useT();
  const keys = useKeys();
  const { prefs } = useRoom();
  const { shortcuts } = usePrefs();
  const { isOpen, setOpen } = useSheet("keys");
  useKey({ id: "keys", label: t("call.keys"), bindings: listKeys, run: () => setOpen(true) });
  return (
    <Dialog title={t("call.keys")} isOpen={isOpen} onOpenChange={setOpen}>
      <div className={styles.switch}>
        <Switch isSelected={shortcuts} onChange={(on) => prefs.set({ shortcuts: on })}>
          {t("call.keys.on")}
        </Switch>
      </div>
      <dl className={styles.keys} data-off={!shortcuts || undefined}>
        {keys.map(({ id, label, bindings }) => (
          <div key={id} style={{ display: "contents" }}>
            <dt>{label}</dt>
            <dd>
              {bindings.map((binding) => (
                <kbd key={binding.key}>{spelled(binding)} </kbd>
              ))}
            </dd>
          </div>
        ))}
        <div style={{ display: "contents" }}>
          <dt>{t("call.keys.talk")}</dt>
          <dd>
            <kbd>{t("call.keys.space")}</kbd>
          </dd>
        </div>
      </dl>
      <DialogButtons>
        <Button onPress={() => setOpen(false)}>{t("ui.close")}</Button>
      </DialogButtons>
    </Dialog>
  );
}
