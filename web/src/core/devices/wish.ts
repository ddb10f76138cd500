/** What is asked of the browser for a device. The chosen one is a wish, not a condition: one that is gone must not keep its owner silent. */

/** How their owner likes them. */
export interface Taste {
  hd: boolean;
  /** As little as possible goes over the line. */
  lowData: boolean;
  /** Music: two channels, and nothing done to them. */
  originalSound: boolean;
}

export const usual: Taste = { hd: true, lowData: false, originalSound: false };

export function microphoneWish(
  chosen: string | null,
  { originalSound }: Taste = usual,
): MediaTrackConstraints {
  const works = !originalSound;
  return {
    echoCancellation: works,
    noiseSuppression: works,
    autoGainControl: works,
    ...(originalSound && { channelCount: { ideal: 2 } }),
    ...deviceWish(chosen),
  };
}

export function cameraWish(chosen: string | null, { hd, lowData }: Taste = usual): MediaTrackConstraints {
  const [width, height] = hd && !lowData ? [1280, 720] : [640, 360];
  return {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: lowData ? 15 : 30 },
    ...deviceWish(chosen),
  };
}

function deviceWish(chosen: string | null): MediaTrackConstraints {
  return chosen === null ? {} : { deviceId: { ideal: chosen } };
}
