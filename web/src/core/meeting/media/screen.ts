/**
 * What a shared screen is sent as. Text: every pixel, at a calm pace. Motion: every frame, and when the line is
 * short of room fewer pixels. Pure.
 */
export type ShareKind = "text" | "motion";

/** What is shared, as far as the browser says; with sound, without, or with it held back. */
export type ShareSurface = "screen" | "window" | "tab";
export type ShareSound = "none" | "on" | "off";

interface Sending {
  contentHint: "detail" | "motion";
  degradationPreference: "maintain-resolution" | "maintain-framerate";
  screenShareEncoding: { maxBitrate: number; maxFramerate: number };
}

const sendings: Record<ShareKind, Sending> = {
  text: {
    contentHint: "detail",
    degradationPreference: "maintain-resolution",
    screenShareEncoding: { maxBitrate: 2_500_000, maxFramerate: 15 },
  },
  motion: {
    contentHint: "motion",
    degradationPreference: "maintain-framerate",
    screenShareEncoding: { maxBitrate: 4_000_000, maxFramerate: 30 },
  },
};

export function sendingOf(kind: ShareKind): Sending {
  return sendings[kind];
}

/** The encodings of a share that is already sent: a layer of half the width gets a quarter of the bits. */
export function encodingsOf<Encoding extends RTCRtpEncodingParameters>(
  kind: ShareKind,
  encodings: readonly Encoding[],
): Encoding[] {
  const { maxBitrate, maxFramerate } = sendings[kind].screenShareEncoding;
  return encodings.map((encoding) => {
    const scale = encoding.scaleResolutionDownBy ?? 1;
    return { ...encoding, maxFramerate, maxBitrate: Math.round(maxBitrate / (scale * scale)) };
  });
}

/** What the browser calls it. */
export function surfaceOf(displaySurface: string | undefined): ShareSurface {
  if (displaySurface === "browser") return "tab";
  return displaySurface === "window" ? "window" : "screen";
}
