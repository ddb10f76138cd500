import { ofSession } from "../../core/meeting/of-session";
import type { Present } from "../../core/meeting/present";
import { Store } from "../../core/store";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { useSession, useStore } from "../../ui/room/context";

import { useHostCommand } from "./command";

/** Whom the host is about to remove: the menu that asked has closed when the answer comes. */
export const removalOf = ofSession(() => new Store<Present | null>(null));

/** Removing cannot be undone, so it is the one action on a person that asks again. */
export function RemovalDialog() {
  const t = useT();
  const command = useHostCommand();
  const removal = removalOf(useSession());
  const person = useStore(removal);
  if (!person) return null;
  const { id, name } = person;
  return (
    <Dialog
      isOpen
      role="alertdialog"
      title={t("host.remove.title", { name })}
      onOpenChange={() => removal.set(null)}
    >
      <p>{t("host.remove.text")}</p>
      <DialogButtons>
        <Button onPress={() => removal.set(null)}>{t("host.remove.cancel")}</Button>
        <Button
          look="danger"
          onPress={() => {
            removal.set(null);
            void command("remove", { participant: id }, name);
          }}
        >
          {t("host.remove")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
