import type { HearDialogProps } from "../../core/check/hear";
import { useT } from "../../i18n/react";
import { Volume2 } from "../../ui/icons";
import { MenuItem, MenuSection } from "../../ui/Menu";
import { Part } from "../../ui/Part";
import { usePrefs, useRoom, useSelected, useSession, useSheet } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";

import { SpeakerFollows } from "./Speaker";

function Items() {
  return (
    <>
      <HearItem />
      <Kinds />
    </>
  );
}

function HearItem() {
  const t = useT();
  const { setOpen } = useSheet("sound");
  return (
    <MenuItem
      id="hear"
      icon={<Volume2 size={16} strokeWidth={1.75} />}
      textValue={t("sound.hear")}
      onAction={() => setOpen(true)}
    >
      {t("sound.hear")}
    </MenuItem>
  );
}

function Attendant() {
  const { isOpen, setOpen } = useSheet("sound");
  return (
    <>
      <SpeakerFollows />
      {isOpen && <Hearing onClose={() => setOpen(false)} />}
    </>
  );
}

function Hearing({ onClose }: { onClose(): void }) {
  const { hearYourself: hear, hearDialog } = useRoom();
  const { own, state } = useSession().media;
  const isOn = useSelected(state, (media) => media.own.microphone);
  const device = useSelected(state, (media) => media.own.microphoneLabel);
  const track = isOn ? (own.microphone ?? null) : null;
  const heardBy = isOn ? "others" : "nobody";
  return (
    <Part<HearDialogProps> of={hearDialog} props={{ hear, heardBy, device: device ?? "", track, onClose }} />
  );
}

/** What is done to one's own sound: as little as the browser does, typing and fans taken out, or nothing at all. */
function Kinds() {
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

export const feature: RoomFeature = { name: "sound", Attendant, deviceItems: { microphone: Items } };
