/** Hear yourself, where it is looked for: before a call and in the settings. Its code and its words come when somebody wants them. */
import { type ComponentType, useMemo, useState } from "react";

import type { Hear, HearDialogProps, Voice } from "../core/check/hear";
import { Chunk } from "../core/chunk";
import type { DeviceStore } from "../core/devices/devices";
import { openCatalog } from "../i18n/i18n";
import { useT } from "../i18n/react";
import { Button } from "../ui/Button";
import { Part } from "../ui/Part";
import { useStore } from "../ui/use-store";

import { clock, send, taste } from "./ports";

export const hearDialog = new Chunk<ComponentType<HearDialogProps>>(async () => {
  const [{ HearDialog }] = await Promise.all([import("../features/hear/hear"), openCatalog("hear")]);
  return HearDialog;
});

/** @param orHere before a call the microphone alone is worth hearing, too */
export function hearer(voice: Voice, orHere: boolean): Hear {
  return async (tell, signal) => {
    const { hearing } = await import("../core/check/hear");
    const url = location.origin.replace(/^http/, "ws");
    return hearing({ send, voice, orHere, taste, url, after: clock.after })(tell, signal);
  };
}

export function Hears({ devices }: { devices: DeviceStore }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  const { microphone } = useStore(devices);
  const hear = useMemo(() => hearer(voiceOf(devices), true), [devices]);
  const track = devices.track("microphone");
  return (
    <>
      <Button size={32} look="plain" onPress={() => setOpen(true)}>
        {t("lobby.hear")}
      </Button>
      {isOpen && (
        <Part<HearDialogProps>
          of={hearDialog}
          props={{ hear, heardBy: "before", device: microphone.label, track, onClose: () => setOpen(false) }}
        />
      )}
    </>
  );
}

function voiceOf(devices: DeviceStore): Voice {
  return {
    track: () => devices.track("microphone"),
    microphoneId: () => devices.get().microphone.chosen,
    speakerId: () => devices.get().speaker.chosen,
  };
}
