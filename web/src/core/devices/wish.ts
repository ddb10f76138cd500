/** What is asked of the browser for a device. The chosen one is a wish, not a condition: one that is gone must not keep its owner silent. */

export function microphoneWish(chosen: string | null): MediaTrackConstraints {
  return { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...deviceWish(chosen) };
}

export function cameraWish(chosen: string | null): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    ...deviceWish(chosen),
  };
}

function deviceWish(chosen: string | null): MediaTrackConstraints {
  return chosen === null ? {} : { deviceId: { ideal: chosen } };
}
