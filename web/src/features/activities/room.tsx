import { useMemo } from "react";

import { Chunk } from "../../core/chunk";
import { useT } from "../../i18n/react";
import { Shapes } from "../../ui/icons";
import { MenuItem } from "../../ui/Menu";
import { BarButton } from "../../ui/room/BarButton";
import { useRoom, useTogglePanel } from "../../ui/room/context";
import { ordered, type ActivitySlot, type RoomFeature } from "../../ui/room/feature";

import { useNews } from "./news";

/** What the other features offer; where they offer nothing there is no button and no tab. */
function useActivities(): readonly ActivitySlot[] {
  const { features } = useRoom();
  return useMemo(() => ordered(features, ({ activities }) => activities), [features]);
}

function ActivitiesButton() {
  const t = useT();
  const activities = useActivities();
  const { isOpen, toggle } = useTogglePanel("activities");
  const isNew = useNews(activities) && !isOpen;
  if (activities.length === 0) return null;
  return (
    <BarButton
      icon={<Shapes />}
      word={t("activities.title")}
      shortWord={t("activities.short")}
      label={t("activities.button", { news: isNew ? "yes" : "no" })}
      look={isOpen ? "open" : "bare"}
      badge={isNew ? "" : undefined}
      onPress={toggle}
    />
  );
}

function ActivitiesItem() {
  const t = useT();
  const activities = useActivities();
  const { toggle } = useTogglePanel("activities");
  const label = t("activities.button", { news: useNews(activities) ? "yes" : "no" });
  if (activities.length === 0) return null;
  return (
    <MenuItem
      id="activities"
      icon={<Shapes size={20} strokeWidth={1.75} />}
      textValue={label}
      onAction={toggle}
    >
      {label}
    </MenuItem>
  );
}

export const feature: RoomFeature = {
  name: "activities",
  bar: [
    {
      id: "activities",
      group: "see",
      order: 30,
      Button: ActivitiesButton,
      More: ActivitiesItem,
      phone: "more",
      dropsBelow: 900,
    },
  ],
  panel: {
    id: "activities",
    order: 30,
    title: "activities.title",
    Panel: new Chunk(async () => (await import("./ActivitiesPanel")).ActivitiesPanel),
    isOffered: (features) => features.some(({ activities }) => activities?.length),
  },
};
