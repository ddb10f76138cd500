/** What this browser can and cannot do in a meeting. What it calls itself is for words alone. */
import { browserName, systemName } from "../platform";

export interface Facts {
  browser: string;
  system: string;
  /** Opened with https, or on this machine itself. */
  isSecure: boolean;
  canCall: boolean;
  canShareScreen: boolean;
  canChooseSpeaker: boolean;
}

export type Suited = "fit" | "insecure" | "too-old";

/** The browser's own globals, as far as anything is asked of them. */
export interface Surroundings {
  userAgent: string;
  isSecure: boolean;
  has: { peerConnection: boolean; displayMedia: boolean; sinkId: boolean };
}

export function factsOf({ userAgent, isSecure, has }: Surroundings): Facts {
  return {
    browser: browserOf(userAgent),
    system: systemName(userAgent),
    isSecure,
    canCall: has.peerConnection,
    canShareScreen: has.displayMedia,
    canChooseSpeaker: has.sinkId,
  };
}

export function suited({ isSecure, canCall }: Facts): Suited {
  if (!isSecure) return "insecure";
  return canCall ? "fit" : "too-old";
}

/** `Firefox 140`: its name and its first number. */
function browserOf(userAgent: string): string {
  const name = browserName(userAgent);
  const token = name === "Edge" ? "Edg" : name === "Safari" ? "Version" : name;
  const version = new RegExp(`${token}/(\\d+)`).exec(userAgent)?.[1];
  return version ? `${name} ${version}` : name;
}
