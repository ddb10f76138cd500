import { Chunk } from "../../core/chunk";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { NotebookPen, Users } from "../../ui/icons";
import { MenuItem } from "../../ui/Menu";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useMeeting, usePeople, useSheet, useTogglePanel } from "../../ui/room/context";
import type { PersonAction, RoomFeature } from "../../ui/room/feature";
import { useKey, useSpelled } from "../../ui/room/keys";

import { peopleKey } from "./keys";
import { AloneBanner } from "./AloneBanner";
import { RenameDialog } from "./RenameDialog";

function PeopleButton() {
  const t = useT();
  const { length } = usePeople();
  const waiting = useMeeting().waiting.length;
  const { isOpen, toggle } = useTogglePanel("people");
  return (
    <BarButton
      icon={<Users />}
      word={t("people.title")}
      label={t("people.button", { count: length, waiting })}
      shortcut={useSpelled(peopleKey)}
      look={isOpen ? "open" : "bare"}
      {...(waiting > 0 ? { badge: waiting } : { count: length })}
      onPress={toggle}
    />
  );
}

function PeopleItem() {
  const t = useT();
  const label = t("people.button", {
    count: usePeople().length,
    waiting: useMeeting().waiting.length,
  });
  const { toggle } = useTogglePanel("people");
  return (
    <MenuItem id="people" icon={<Users size={20} strokeWidth={1.75} />} textValue={label} onAction={toggle}>
      {label}
    </MenuItem>
  );
}

function Attendant() {
  const { toggle } = useTogglePanel("people");
  useKey(peopleKey, toggle);
  return <RenameDialog />;
}

function usePersonActions({ self }: Present): readonly PersonAction[] {
  const t = useT();
  const mayRename = useMay("rename");
  const { setOpen } = useSheet("rename");
  if (!self || !mayRename) return [];
  return [
    {
      id: "rename",
      label: t("people.rename"),
      icon: <NotebookPen size={20} strokeWidth={1.75} />,
      run: () => setOpen(true),
    },
  ];
}

export const feature: RoomFeature = {
  name: "people",
  bar: [
    {
      id: "people",
      group: "see",
      order: 20,
      Button: PeopleButton,
      More: PeopleItem,
      phone: "more",
      dropsBelow: 760,
    },
  ],
  panel: {
    id: "people",
    order: 20,
    title: "people.title",
    Panel: new Chunk(async () => (await import("./PeoplePanel")).PeoplePanel),
  },
  banner: { order: 90, Part: AloneBanner },
  usePersonActions,
  Attendant,
};
