import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";
import { BellRing, Users } from "../../ui/icons";
import { Part } from "../../ui/Part";
import { useMay, useRoom, useSheet, useStore } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";
import { HostRow } from "../../ui/room/HostRow";

const ringCode = new Chunk(async () => (await import("./Ring")).Ring);
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

/** Whom one has invited is known to an account alone. */
function RingRow() {
  const t = useT();
  const { setOpen } = useSheet("ring");
  const { signedIn } = useStore(useRoom().prefs);
  if (!signedIn) return null;
  return (
    <HostRow icon={<BellRing size={20} strokeWidth={1.75} />} onPress={() => setOpen(true)}>
      {t("invite.ring.title")}
    </HostRow>
  );
}

function Rows() {
  return (
    <>
      <LinksRow />
      <RingRow />
    </>
  );
}

function Attendant() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("invite");
  const ring = useSheet("ring");
  if (!useMay("host")) return null;
  return (
    <>
      <Dialog isWide hasCross title={t("invite.title")} isOpen={isOpen} onOpenChange={setOpen}>
        <Part of={formCode} props={{}} />
      </Dialog>
      <Dialog hasCross title={t("invite.ring.title")} isOpen={ring.isOpen} onOpenChange={ring.setOpen}>
        <Part of={ringCode} props={{}} />
      </Dialog>
    </>
  );
}

export const feature: RoomFeature = {
  name: "invite",
  hostTool: { order: 30, Part: Rows },
  Attendant,
};
