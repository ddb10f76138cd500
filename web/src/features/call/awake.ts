/** Keeps the screen on while somebody watches a meeting: nobody touches a phone that shows a face. */
export function keepAwake(): () => void {
  if (!("wakeLock" in navigator)) return () => undefined;
  let lock: WakeLockSentinel | undefined;
  let isOver = false;
  const ask = async (): Promise<void> => {
    if (isOver || document.visibilityState !== "visible") return;
    const granted = await navigator.wakeLock.request("screen").catch(() => undefined);
    if (isOver) void granted?.release();
    else lock = granted;
  };
  // The browser takes it away with every change of tabs.
  const again = (): void => void ask();
  document.addEventListener("visibilitychange", again);
  again();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", again);
    void lock?.release();
  };
}
