import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";
import { Signal } from "../../ui/icons";
import { MenuItem } from "../../ui/Menu";
import { Part } from "../../ui/Part";
import { useSheet } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";

import { storyOf } from "./watching";

const quality = new Chunk(async () => (await import("./Quality")).Quality);

function Item() {
  const t = useT();
  const { setOpen } = useSheet("quality");
  return (
    <MenuItem
      id="quality"
      icon={<Signal size={20} strokeWidth={1.75} />}
      textValue={t("quality.title")}
      onAction={() => setOpen(true)}
    >
      {t("quality.title")}
    </MenuItem>
  );
}

function Attendant() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("quality");
  return (
    <Dialog hasCross title={t("quality.title")} isOpen={isOpen} onOpenChange={setOpen}>
      <Part of={quality} props={{}} />
    </Dialog>
  );
}

export const feature: RoomFeature = {
  name: "quality",
  attend(session) {
    storyOf(session);
    return () => undefined;
  },
  // In More on every screen: nobody needs it at hand.
  bar: [
    {
      id: "quality",
      group: "see",
      order: 90,
      Button: () => null,
      More: Item,
      phone: "more",
      dropsBelow: 100_000,
    },
  ],
  Attendant,
};
