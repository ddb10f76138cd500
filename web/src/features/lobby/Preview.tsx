import type { ReactNode } from "react";

import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Eye } from "../../ui/icons";

import styles from "./Preview.module.css";

export interface PreviewProps {
  track: MediaStreamTrack | null;
  isLive: boolean;
  name: string;
  /** Stands where the picture would be. */
  obstacle: ReactNode;
}

/** Mirrored, as one knows oneself; what others see is not. */
export function Preview({ track, isLive, name, obstacle }: PreviewProps) {
  const t = useT();
  if (obstacle) return <div className={styles.preview}>{obstacle}</div>;
  return (
    <div className={styles.preview} data-live={isLive || undefined}>
      {isLive && track ? (
        <>
          <video
            key={track.id}
            ref={(video) => attach(video, track)}
            className={styles.picture}
            autoPlay
            muted
            playsInline
          />
          <p className={styles.plate}>
            <Eye size={14} strokeWidth={2} aria-hidden="true" />
            {t("lobby.onlyYou")}
          </p>
        </>
      ) : (
        <div className={styles.nobody}>
          <Avatar id={name} name={name || "·"} size={72} />
          <p>{t("lobby.camera.isOff")}</p>
        </div>
      )}
    </div>
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
