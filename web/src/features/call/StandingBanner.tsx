import { useEffect, useState } from "react";

import type { Standing } from "../../core/meeting/own/device";
import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { useSelected, useSession } from "../../ui/room/context";

/** A device that opens and goes out at once is nobody's business; a phone opens it anew at every Unmute. */
const ASKING_FOR_MS = 1000;
const STARTING_FOR_MS = 4000;

/** What is shown as on, and is not so yet: for as long as the browser asks, or nothing goes out. */
export function StandingBanner() {
  const { media } = useSession();
  const microphone = useSelected(media.state, ({ own }) => own.microphoneStands);
  const camera = useSelected(media.state, ({ own }) => own.cameraStands);
  return (
    <>
      <One key={`microphone ${microphone}`} device="microphone" stands={microphone} />
      <One key={`camera ${camera}`} device="camera" stands={camera} />
    </>
  );
}

function One({ device, stands }: { device: "microphone" | "camera"; stands: Standing }) {
  const t = useT();
  const lasts = useLasting(stands === "asking" ? ASKING_FOR_MS : STARTING_FOR_MS);
  if (!lasts || (stands !== "asking" && stands !== "starting")) return null;
  return (
    <Banner tone="warn" title={t(`call.${stands}`, { device })}>
      {t(`call.${stands}.then`, { device })}
    </Banner>
  );
}

/** Whether this has been drawn for so long. */
function useLasting(milliseconds: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasts(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return lasts;
}
