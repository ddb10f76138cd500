import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { Maximize, Pin, Volume2 } from "../../ui/icons";
import { Menu, MenuItem } from "../../ui/Menu";
import { useSession, useSheet } from "../../ui/room/context";
import type { PersonAction } from "../../ui/room/feature";
import { usePersonActions } from "../../ui/room/person";

import { useChangeViewing, useViewing } from "./viewing";

const MOST_PINS = 3;

/** The ⋯ of a tile: what I do for myself first, then what the features offer. */
export function PersonMenu({ person }: { person: Present }) {
  const t = useT();
  const actions = [...useOwnActions(person), ...usePersonActions(person)];
  return (
    <Menu
      // Opened from a tile by Enter it has no button that would say by what: the first row is where one stands.
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus="first"
      aria-label={t("call.tile.more", { name: person.name })}
      onAction={(id) => actions.find((action) => action.id === id)?.run()}
    >
      {actions.map(({ id, label, icon, tone = "normal" }) => (
        <MenuItem key={id} id={id} icon={icon} tone={tone} textValue={label}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  );
}

function useOwnActions({ id, self }: Present): PersonAction[] {
  const t = useT();
  const { pinned } = useViewing();
  const change = useChangeViewing();
  const { media } = useSession();
  const { setOpen } = useSheet("volume");
  const isPinned = pinned.includes(id);
  const actions: PersonAction[] = [
    {
      id: "pin",
      label: t(isPinned ? "call.tile.unpin" : "call.tile.pin"),
      icon: <Pin size={20} strokeWidth={1.75} />,
      run: () =>
        change({
          pinned: isPinned ? pinned.filter((other) => other !== id) : [...pinned, id].slice(-MOST_PINS),
        }),
    },
  ];
  if (self) return actions;
  actions.push({
    id: "volume",
    label: t("call.tile.volume", { percent: Math.round(media.volumeOf(id) * 100) }),
    icon: <Volume2 size={20} strokeWidth={1.75} />,
    run: () => {
      change({ louder: id });
      setOpen(true);
    },
  });
  if (document.fullscreenEnabled) {
    actions.push({
      id: "full",
      label: t("call.tile.full"),
      icon: <Maximize size={20} strokeWidth={1.75} />,
      run: () => {
        const tile = document.querySelector(`[role="gridcell"][data-id="${CSS.escape(id)}"]`);
        void tile?.requestFullscreen().catch(() => undefined);
      },
    });
  }
  return actions;
}
