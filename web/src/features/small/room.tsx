import { useEffect } from "react";
import { createPortal } from "react-dom";

import { useT } from "../../i18n/react";
import { PictureInPicture2 } from "../../ui/icons";
import { MenuItem } from "../../ui/Menu";
import { BarButton } from "../../ui/room/BarButton";
import { usePrefs, useRoom, useSession, useStore } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";

import { SmallChoice } from "./Choice";
import { SmallRoom } from "./SmallRoom";
import { canBeSmall, smallOf } from "./small";

function useSmall() {
  const session = useSession();
  const small = smallOf(session);
  const shown = useStore(small.shown);
  return { shown, toggle: () => void (shown ? small.close() : small.open()) };
}

function SmallButton() {
  const t = useT();
  const { shown, toggle } = useSmall();
  if (!canBeSmall) return null;
  return (
    <BarButton
      icon={<PictureInPicture2 />}
      word={t("small.word")}
      label={t(shown ? "small.close" : "small.open")}
      look={shown ? "open" : "bare"}
      onPress={toggle}
    />
  );
}

function SmallItem() {
  const t = useT();
  const { shown, toggle } = useSmall();
  if (!canBeSmall) return null;
  const label = t(shown ? "small.close" : "small.open");
  return (
    <MenuItem icon={<PictureInPicture2 size={20} strokeWidth={1.75} />} textValue={label} onAction={toggle}>
      {label}
    </MenuItem>
  );
}

/** What is drawn in the small window, which is another document; and the browser's own way to ask for it. */
function Small() {
  const session = useSession();
  const small = smallOf(session);
  const shown = useStore(small.shown);
  const { smallOnSwitch } = usePrefs();
  useEffect(() => (smallOnSwitch ? small.openItself() : undefined), [small, smallOnSwitch]);
  useEffect(() => () => small.close(), [small]);
  return shown !== null && shown !== "frame"
    ? createPortal(<SmallRoom onBack={small.close} />, shown.document.body)
    : null;
}

function Choice() {
  return <SmallChoice prefs={useRoom().prefs} />;
}

export const feature: RoomFeature = {
  name: "small",
  Attendant: Small,
  bar: [
    {
      id: "small",
      group: "see",
      order: 90,
      Button: SmallButton,
      More: SmallItem,
      phone: "more",
      dropsBelow: 1600,
    },
  ],
  settings: { order: 40, Part: Choice },
};
