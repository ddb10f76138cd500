/**
 * What the microphone and the camera are doing, as a fold over what the browser said.
 *
 * Law: `on` is what the person wants, `status` is what is. They differ while the browser asks and whenever
 * something stands in the way; the screen always shows both. Nothing here opens a device: see devices.ts.
 */

export type Kind = "microphone" | "camera";

export type Status =
  | "off" // not wanted, not open
  | "asking" // the browser shows its prompt, or the device is starting
  | "live"
  | "blocked" // D2: by the browser
  | "system" // D3: by the operating system
  | "missing" // D4
  | "busy" // D5: another program has it
  | "insecure" // D11
  | "unsupported"; // D12: by a browser inside some app

export interface Choice {
  id: string;
  label: string;
}

export interface Device {
  on: boolean;
  status: Status;
  /** What the person chose; null is the system's default. */
  chosen: string | null;
  /** What is open. */
  label: string;
  choices: readonly Choice[];
}

export interface Devices {
  microphone: Device;
  camera: Device;
  speaker: { chosen: string | null; choices: readonly Choice[] };
}

export type DeviceEvent =
  | { type: "wanted"; kind: Kind; on: boolean }
  | { type: "asking"; kind: Kind }
  | { type: "opened"; kind: Kind; label: string }
  | { type: "failed"; kind: Kind; status: Failure }
  | { type: "released"; kind: Kind }
  | { type: "chosen"; kind: Kind | "speaker"; id: string | null }
  | { type: "listed"; microphones: Choice[]; cameras: Choice[]; speakers: Choice[] };

export type Failure = Exclude<Status, "off" | "asking" | "live">;

export interface Remembered {
  microphoneOn: boolean;
  cameraOn: boolean;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
}

export function initialDevices(remembered: Remembered): Devices {
  const device = (on: boolean, chosen: string | null): Device => ({
    on,
    status: "off",
    chosen,
    label: "",
    choices: [],
  });
  return {
    microphone: device(remembered.microphoneOn, remembered.microphoneId),
    camera: device(remembered.cameraOn, remembered.cameraId),
    speaker: { chosen: remembered.speakerId, choices: [] },
  };
}

export function evolve(state: Devices, event: DeviceEvent): Devices {
  if (event.type === "listed") {
    return {
      microphone: { ...state.microphone, choices: event.microphones },
      camera: { ...state.camera, choices: event.cameras },
      speaker: { ...state.speaker, choices: event.speakers },
    };
  }
  if (event.type === "chosen" && event.kind === "speaker") {
    return { ...state, speaker: { ...state.speaker, chosen: event.id } };
  }
  const kind = event.kind as Kind;
  return { ...state, [kind]: evolveDevice(state[kind], event) };
}

function evolveDevice(device: Device, event: Exclude<DeviceEvent, { type: "listed" }>): Device {
  switch (event.type) {
    case "wanted":
      return { ...device, on: event.on };
    case "asking":
      return { ...device, status: "asking" };
    case "opened":
      return { ...device, status: "live", label: event.label };
    case "failed":
      return { ...device, status: event.status, label: "" };
    case "released":
      return { ...device, status: "off", label: "" };
    case "chosen":
      return { ...device, chosen: event.id };
  }
}

/** Why the browser said no. Names of errors are the standard's, wordings are Chromium's and Firefox's. */
export function readFailure(error: unknown): Failure {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const message = error instanceof Error || error instanceof DOMException ? error.message : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
    case "PermissionDeniedError":
      return /system|dismissed by the os/i.test(message) ? "system" : "blocked";
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    default:
      return "busy";
  }
}

/** The one thing worth telling first, and of which devices. Blocked outranks busy outranks missing. */
export interface Obstacle {
  status: Failure | "asking";
  devices: "microphone" | "camera" | "both";
}

const ranking: readonly Obstacle["status"][] = [
  "unsupported",
  "insecure",
  "blocked",
  "system",
  "busy",
  "missing",
  "asking",
];

export function obstacle(state: Devices): Obstacle | undefined {
  const { microphone, camera } = state;
  for (const status of ranking) {
    const mic = microphone.on && microphone.status === status;
    const cam = camera.on && camera.status === status;
    if (mic || cam) return { status, devices: mic && cam ? "both" : mic ? "microphone" : "camera" };
  }
  return undefined;
}
