/** In prejoin: what is made of one's picture, and what stands in its way. Fetched when somebody wants it. */
import { type ComponentType, useState } from "react";

import { Chunk } from "../core/chunk";
import type { DeviceStore } from "../core/devices/devices";
import type { EffectsDialogProps } from "../features/effects/EffectsDialog";
import type { NoticeProps } from "../features/effects/EffectsNotice";
import { openCatalog } from "../i18n/i18n";
import { useT } from "../i18n/react";
import { Button } from "../ui/Button";
import { Part } from "../ui/Part";
import { useStore } from "../ui/use-store";

import { effects, prefs, processor } from "./ports";

// Its words are the room's, which is fetched while prejoin is shown.
const dialog = new Chunk<ComponentType<EffectsDialogProps>>(async () => {
  const [{ EffectsDialog }] = await Promise.all([
    import("../features/effects/EffectsDialog"),
    openCatalog("room"),
  ]);
  return EffectsDialog;
});
const notice = new Chunk<ComponentType<NoticeProps>>(async () => {
  const [{ EffectsNotice }] = await Promise.all([
    import("../features/effects/EffectsNotice"),
    openCatalog("room"),
  ]);
  return EffectsNotice;
});

export function Looks({ devices }: { devices: DeviceStore }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  useStore(prefs);
  const { camera } = useStore(devices);
  return (
    <>
      {processor() && camera.on && <Part of={notice} props={{ prefs, effects }} />}
      <Button size={32} look="plain" onPress={() => setOpen(true)}>
        {t("lobby.looks")}
      </Button>
      {isOpen && (
        <Part
          of={dialog}
          props={{ prefs, effects, track: devices.track("camera"), onClose: () => setOpen(false) }}
        />
      )}
    </>
  );
}
