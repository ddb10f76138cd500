import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";
import { Part } from "../../ui/Part";
import { usePeople, useSheet } from "../../ui/room/context";

import { useChangeViewing, useViewing } from "./viewing";

const loudness = new Chunk(async () => (await import("./Loudness")).Loudness);

/** How loud one person is, for me alone. */
export function VolumeDialog() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("volume");
  const { louder } = useViewing();
  const change = useChangeViewing();
  const person = usePeople().find(({ id }) => id === louder);
  if (!isOpen || !person) return null;
  const { id, name } = person;
  const close = (): void => {
    setOpen(false);
    change({ louder: null });
  };
  return (
    <Dialog title={t("call.volume", { name })} isOpen onOpenChange={(open) => open || close()}>
      <Part key={id} of={loudness} props={{ id, onClose: close }} />
    </Dialog>
  );
}
