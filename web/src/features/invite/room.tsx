import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";
import { Users } from "../../ui/icons";
import { Part } from "../../ui/Part";
import { useMay, useSheet } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";
import { HostRow } from "../../ui/room/HostRow";

const formCode = new Chunk(async () => (await import("./PersonalLinks")).PersonalLinks);

function LinksRow() {
  const t = useT();
  const { setOpen } = useSheet("invite");
  return (
    <HostRow icon={<Users size={20} strokeWidth={1.75} />} onPress={() => setOpen(true)}>
      {t("invite.title")}
    </HostRow>
  );
}

function Attendant() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("invite");
  if (!useMay("host")) return null;
  return (
    <Dialog isWide hasCross title={t("invite.title")} isOpen={isOpen} onOpenChange={setOpen}>
      <Part of={formCode} props={{}} />
    </Dialog>
  );
}

export const feature: RoomFeature = {
  name: "invite",
  hostTool: { order: 30, Part: LinksRow },
  Attendant,
};
