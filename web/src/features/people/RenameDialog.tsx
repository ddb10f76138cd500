import { nameLimit } from "../../core/names";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";
import { NameForm } from "../../ui/NameForm";
import { useSession, useSheet } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";

/** One's own name, for everybody, where the hosts let people change it. */
export function RenameDialog() {
  const t = useT();
  const deed = useDeed();
  const session = useSession();
  const { isOpen, setOpen } = useSheet("rename");
  const close = (): void => setOpen(false);
  return (
    <Dialog title={t("people.rename")} isOpen={isOpen} onOpenChange={setOpen}>
      <NameForm
        name={session.you.get().name}
        words={{
          label: t("people.rename.name"),
          save: t("people.rename.save"),
          cancel: t("people.rename.cancel"),
          long: t("people.rename.long", { limit: nameLimit }),
        }}
        onName={(name) => {
          close();
          void deed("rename", { name });
        }}
        onCancel={close}
      />
    </Dialog>
  );
}
