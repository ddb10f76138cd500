/** The one place that loads livekit-client: 125 kB that prejoin does not need. */
export type LiveKit = typeof import("livekit-client");

let loading: Promise<LiveKit> | undefined;
let failures = 0;

/** One that failed is asked for again at the next call. */
export function loadLiveKit(): Promise<LiveKit> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    failures += 1;
    throw error;
  });
  return loading;
}

async function load(): Promise<LiveKit> {
  const livekit = await importAnew();
  livekit.setLogLevel("error");
  return livekit;
}

let failedAt: string | undefined;

/** Some browsers remember for ever that an address failed; another query is another address. */
async function importAnew(): Promise<LiveKit> {
  if (failedAt !== undefined) return (await import(/* @vite-ignore */ `${failedAt}?${failures}`)) as LiveKit;
  try {
    return await import("livekit-client");
  } catch (error) {
    failedAt = /https?:\S+\.js/.exec(String(error))?.[0];
    throw error;
  }
}
