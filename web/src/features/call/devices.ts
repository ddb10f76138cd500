/** The devices this browser names, read when a menu opens and when one is plugged in or pulled out. */
import { useEffect } from "react";

import { Store } from "../../core/store";
import { useStore } from "../../ui/use-store";

const devices = new Store<readonly MediaDeviceInfo[]>([]);

async function read(): Promise<void> {
  const found = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  devices.set((found ?? []).filter(({ label }) => label !== ""));
}

export function useDevices(kind: MediaDeviceKind): readonly MediaDeviceInfo[] {
  const all = useStore(devices);
  useEffect(() => {
    void read();
    navigator.mediaDevices?.addEventListener("devicechange", read);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", read);
  }, []);
  // Chromium lists "default" and "communications" beside the device they stand for.
  return all.filter((device) => device.kind === kind && device.deviceId !== "communications");
}

export const canShare = "getDisplayMedia" in (navigator.mediaDevices ?? {});
