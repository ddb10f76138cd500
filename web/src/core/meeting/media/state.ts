/** What the rest of the page may know of the media: plain values, replaced when they change. */
import type { Handover } from "../../journey/room";

import { readFailure } from "../../devices/state";
import type { Standing } from "../own/device";

import type { Arrival } from "./arrival";
import type { ShareKind, ShareSound, ShareSurface } from "./screen";

export type Sound = "none" | "muted" | "live";

export interface PersonMedia {
  id: string;
  name: string;
  /** An agent, a recorder, a bridge: anything that is not a person with a browser. */
  service: boolean;
  microphone: Sound;
  camera: boolean;
  screen: boolean;
  /** By the server's clock, in µs; 0 where nothing is shared. */
  screenSince: number;
  line: "good" | "weak";
  /** Its video is held back to save bandwidth. */
  paused: boolean;
}

export interface OwnMedia {
  /** What is wanted; what is so says how it stands. */
  microphone: boolean;
  camera: boolean;
  microphoneStands: Standing;
  cameraStands: Standing;
  /** What was chosen in the browser's picker is open; not before. */
  sharing: boolean;
  /** Of what is shared: what it is, how it is sent, whether its sound comes along. */
  shareSurface: ShareSurface;
  shareKind: ShareKind;
  shareSound: ShareSound;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
  microphoneLabel: string;
  /** D7, D8: the microphone is on and gives nothing, or something outside the page holds it mute. */
  hearing: "fine" | "silent" | "muted-outside";
  /** Whether what the microphone sends comes in at the server. */
  arrival: Arrival;
}

export function ownAtFirst(handover: Handover): OwnMedia {
  const { microphoneOn, cameraOn, microphoneId, cameraId, speakerId } = handover;
  return {
    microphone: microphoneOn,
    camera: cameraOn,
    microphoneStands: microphoneOn ? "asking" : "off",
    cameraStands: cameraOn ? "asking" : "off",
    sharing: false,
    shareSurface: "screen",
    shareKind: "text",
    shareSound: "none",
    microphoneId,
    cameraId,
    speakerId,
    microphoneLabel: "",
    hearing: "fine",
    arrival: "unknown",
  };
}

export type Phase = "connecting" | "up" | "reconnecting";

export interface MediaState {
  phase: Phase;
  /** The server is reached, and by no way that sound and pictures could go. */
  blocked: boolean;
  people: Readonly<Record<string, PersonMedia>>;
  /** The browser plays no sound until the person clicks. */
  soundBlocked: boolean;
  own: OwnMedia;
  /** Whether every track is sealed with keys that the server does not have. Computed, never configured. */
  sealed: boolean;
}

/** Something went wrong with a device of one's own. */
export interface Trouble {
  device: "microphone" | "camera" | "screen";
  what: "blocked" | "none" | "busy" | "refused" | "unplugged" | "talking" | "not_allowed" | "unknown";
  /** The device's own name, where it has one. */
  label?: string;
  /** After `unplugged`: what is used instead. */
  instead?: string;
}

export function troubleOf(device: Trouble["device"], error: unknown): Trouble {
  if (error instanceof TypeError) return { device, what: "unknown" };
  switch (readFailure(error)) {
    case "blocked":
    case "system":
      return { device, what: device === "screen" ? "refused" : "blocked" };
    case "missing":
      return { device, what: "none" };
    case "busy":
      return { device, what: "busy" };
    default:
      return { device, what: "unknown" };
  }
}

/** The same map when nothing in it changed, the same person when that person did not: so React can skip. */
export function merged(
  before: Readonly<Record<string, PersonMedia>>,
  after: Readonly<Record<string, PersonMedia>>,
): Readonly<Record<string, PersonMedia>> {
  const result: Record<string, PersonMedia> = {};
  let same = Object.keys(before).length === Object.keys(after).length;
  for (const [id, person] of Object.entries(after)) {
    const old = before[id];
    const kept = old && isSame(old, person) ? old : person;
    if (kept !== old) same = false;
    result[id] = kept;
  }
  return same ? before : result;
}

function isSame(a: PersonMedia, b: PersonMedia): boolean {
  return (Object.keys(a) as (keyof PersonMedia)[]).every((field) => a[field] === b[field]);
}
