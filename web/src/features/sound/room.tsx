import { useT } from "../../i18n/react";
import { MenuItem, MenuSection } from "../../ui/Menu";
import { usePrefs, useRoom } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";

/** What is done to one's own sound: as little as the browser does, typing and fans taken out, or nothing at all. */
function Items() {
  const t = useT();
  const { prefs } = useRoom();
  const { noiseFilter, originalSound } = usePrefs();
  const chosen = originalSound ? "original" : noiseFilter ? "filtered" : "usual";
  return (
    <MenuSection
      title={t("sound.title")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[`sound-${chosen}`]}
      onSelectionChange={(keys) => {
        const has = (key: string): boolean => keys !== "all" && keys.has(`sound-${key}`);
        prefs.set({ noiseFilter: has("filtered"), originalSound: has("original") });
      }}
    >
      {["usual", "filtered", "original"].map((kind) => (
        <MenuItem
          key={kind}
          id={`sound-${kind}`}
          textValue={t(`sound.${kind}`)}
          hint={kind === "usual" ? undefined : t(`sound.${kind}.hint`)}
        >
          {t(`sound.${kind}`)}
        </MenuItem>
      ))}
    </MenuSection>
  );
}

export const feature: RoomFeature = { name: "sound", deviceItems: { microphone: Items } };
