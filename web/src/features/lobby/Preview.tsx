import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { OwnView } from "../../ui/OwnView";

export interface PreviewProps {
  track: MediaStreamTrack | null;
  isLive: boolean;
  name: string;
  /** Stands where the picture would be. */
  obstacle: ReactNode;
}

export function Preview({ track, isLive, name, obstacle }: PreviewProps) {
  const t = useT();
  const picture = isLive && track && (
    <video key={track.id} ref={(video) => attach(video, track)} autoPlay muted playsInline />
  );
  return (
    <OwnView
      name={name}
      picture={picture || null}
      words={{ onlyYou: t("lobby.onlyYou"), off: t("lobby.camera.isOff") }}
      instead={obstacle}
    />
  );
}

function attach(video: HTMLVideoElement | null, track: MediaStreamTrack): (() => void) | undefined {
  if (!video) return undefined;
  video.srcObject = new MediaStream([track]);
  // In-app browsers want to be told, autoplay or not.
  void video.play().catch(() => undefined);
  return () => {
    video.srcObject = null;
  };
}
