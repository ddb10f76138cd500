import { useT } from "../../i18n/react";
import { Ellipsis } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useSheet } from "../../ui/room/context";
import { type Form, TINY, useMedia } from "../../ui/room/form";
import { useCopyInvitation } from "../../ui/room/invitation";

import { CameraSection, DeviceItems, MicrophoneSection, WarnSection } from "./DeviceMenu";
import { useSlots } from "./slots";
import { ViewSection } from "./ViewMenu";

export function MoreButton({ form }: { form: Form }) {
  const t = useT();
  const { isOpen, setOpen } = useSheet("more");
  const { setOpen: setKeysOpen } = useSheet("keys");
  const { setOpen: setSettingsOpen } = useSheet("settings");
  const copyInvitation = useCopyInvitation();
  const slots = useSlots();
  const isPhone = form !== "desktop";
  const isTiny = useMedia(TINY);
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <BarButton icon={<Ellipsis />} word={t("call.more")} label={t("call.more.label")} />
      <Popover placement="top">
        <Menu aria-label={t("call.more.label")}>
          {slots.map(({ id, More, phone, dropsBelow = 0 }) => {
            if (!More) return null;
            if (isPhone) return phone === "more" || (isTiny && phone === "bar") ? <More key={id} /> : null;
            return <Dropped key={id} More={More} below={dropsBelow} />;
          })}
          <MenuItem id="invite" textValue={t("call.invite")} onAction={copyInvitation}>
            {t("call.invite")}
          </MenuItem>
          {!isPhone && (
            <MenuItem id="keys" textValue={t("call.keys")} onAction={() => setKeysOpen(true)}>
              {t("call.keys")}
            </MenuItem>
          )}
          <MenuItem id="settings" textValue={t("call.settings")} onAction={() => setSettingsOpen(true)}>
            {t("call.settings")}
          </MenuItem>
          {isPhone && <ViewSection />}
          {isPhone && <MicrophoneSection />}
          {isPhone && <CameraSection />}
          {isPhone && <DeviceItems of="camera" />}
          {isPhone && <DeviceItems of="microphone" />}
          {isPhone && <WarnSection />}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function Dropped({ More, below }: { More: React.ComponentType; below: number }) {
  const isDropped = useMedia(`(max-width: ${below - 1}px)`);
  return isDropped ? <More /> : null;
}
