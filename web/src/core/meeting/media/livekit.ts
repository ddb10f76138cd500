/** The one place that loads livekit-client: 125 kB that prejoin does not need. */
export type LiveKit = typeof import("livekit-client");

let loading: Promise<LiveKit> | undefined;

export function loadLiveKit(): Promise<LiveKit> {
  loading ??= import("livekit-client").then((livekit) => {
    livekit.setLogLevel("error");
    return livekit;
  });
  return loading;
}
