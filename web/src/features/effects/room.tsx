import type { ComponentType } from "react";

import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Wallpaper } from "../../ui/icons";
import { MenuItem } from "../../ui/Menu";
import { Part } from "../../ui/Part";
import { usePrefs, useRoom, useSelected, useSession, useSheet } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";

import type { EffectsDialogProps } from "./EffectsDialog";
import { EffectsNotice } from "./EffectsNotice";

const dialog = new Chunk<ComponentType<EffectsDialogProps>>(
  async () => (await import("./EffectsDialog")).EffectsDialog,
);

function Item() {
  const t = useT();
  const { setOpen } = useSheet("effects");
  return (
    <MenuItem
      id="effects"
      icon={<Wallpaper size={16} strokeWidth={1.75} />}
      textValue={t("effects.title")}
      onAction={() => setOpen(true)}
    >
      {t("effects.title")}
    </MenuItem>
  );
}

function Sheet() {
  const { media } = useSession();
  const { prefs, effects } = useRoom();
  const { isOpen, setOpen } = useSheet("effects");
  // Another picture may be shown by now.
  useSelected(media.state, ({ own }) => own.cameraStands);
  if (!isOpen) return null;
  return (
    <Part
      of={dialog}
      props={{ prefs, effects, track: media.own.camera ?? null, onClose: () => setOpen(false) }}
    />
  );
}

/** While something of one's picture is not as one wants it. */
function Notice() {
  const { prefs, effects } = useRoom();
  const { media } = useSession();
  const isOn = useSelected(media.state, ({ own }) => own.camera);
  usePrefs();
  return isOn ? <EffectsNotice prefs={prefs} effects={effects} /> : null;
}

export const feature: RoomFeature = {
  name: "effects",
  Attendant: Sheet,
  banner: { order: 2, Part: Notice },
  deviceItems: { camera: Item },
};
