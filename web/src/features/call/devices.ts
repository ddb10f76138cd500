/** The devices this browser names, read when a menu opens and when one is plugged in or pulled out. */
import { useEffect, useSyncExternalStore } from "react";

let devices: readonly MediaDeviceInfo[] = [];
const listeners = new Set<() => void>();

async function read(): Promise<void> {
  const found = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  devices = (found ?? []).filter(({ label }) => label !== "");
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) navigator.mediaDevices?.addEventListener("devicechange", read);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) navigator.mediaDevices?.removeEventListener("devicechange", read);
  };
}

export function useDevices(kind: MediaDeviceKind): readonly MediaDeviceInfo[] {
  const all = useSyncExternalStore(subscribe, () => devices);
  useEffect(() => void read(), []);
  // Chromium lists "default" and "communications" beside the device they stand for.
  return all.filter((device) => device.kind === kind && device.deviceId !== "communications");
}

export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;
export const canShare = "getDisplayMedia" in (navigator.mediaDevices ?? {});
