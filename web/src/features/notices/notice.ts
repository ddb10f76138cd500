/**
 * What of a meeting is told by a sound, or by the system while the page is hidden. Pure: an event, who one is and how things
 * stand; it says what happened to whom, or nothing.
 */
import { type LogEvent, word } from "../../core/meeting/wire";

export const kinds = ["knock", "join", "leave", "hand", "message", "share"] as const;
export type Kind = (typeof kinds)[number];

export interface Notice {
  kind: Kind;
  who: string;
  /** What was written. */
  text?: string;
  /** It was for this person alone. */
  isPrivate?: boolean;
}

export interface Standing {
  me: string;
  /** One may let people in. */
  hosts: boolean;
  people: number;
}

/** Above so many, coming and going is no news. */
const MANY = 10;

export function noticeOf(event: LogEvent, { me, hosts, people }: Standing): Notice | undefined {
  const { feature, type, by, payload } = event;
  const who = word(payload["id"]) || word(payload["participant"]) || (by ?? "");
  switch (`${feature} ${type}`) {
    case "meeting waiting":
    case "meeting knocks":
      return hosts ? { kind: "knock", who: word(payload["name"]) } : undefined;
    case "meeting joined":
      return who !== me && people <= MANY ? { kind: "join", who } : undefined;
    case "meeting left":
      return who !== me && people <= MANY ? { kind: "leave", who } : undefined;
    case "reactions hand_raised":
      return by !== me && hosts ? { kind: "hand", who: by ?? "" } : undefined;
    case "chat sent": {
      if (by === me || by === null) return undefined;
      const file = payload["file"] as { name?: unknown } | undefined;
      return {
        kind: "message",
        who: by,
        text: word(file?.name) || word(payload["text"]),
        isPrivate: "to" in payload,
      };
    }
    default:
      return undefined;
  }
}

/** Which sounds are off, as this device remembers it. */
export function isSilent(silent: string, kind: Kind): boolean {
  return silent.split(" ").includes(kind);
}

export function withSound(silent: string, kind: Kind, on: boolean): string {
  const others = silent.split(" ").filter((each) => each !== "" && each !== kind);
  return (on ? others : [...others, kind]).join(" ");
}

/** However many of a kind come at once, they are heard as one. */
const QUIET_MS = 2000;

export class Quiet {
  readonly #last = new Map<Kind, number>();

  /** Whether one more may be heard now. */
  passes(kind: Kind, now: number): boolean {
    const last = this.#last.get(kind);
    if (last !== undefined && now - last < QUIET_MS) return false;
    this.#last.set(kind, now);
    return true;
  }
}
