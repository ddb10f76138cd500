/** What a meeting lets people do, as its hosts have set it. It decides nothing here: the server does, and tells each what they may. */
import { type Payload, record, word } from "./wire";

/** What is let or refused by one switch each. */
export const switches = ["unmute", "video", "share", "react", "rename", "draw", "files"] as const;
export type Switch = (typeof switches)[number];

export const waitingRooms = ["off", "guests", "everyone"] as const;
export type WaitingRoom = (typeof waitingRooms)[number];

export const chats = ["all", "hosts", "off"] as const;
export type ChatRule = (typeof chats)[number];

/** Who may follow the last host where none was named: nobody, who has a personal link, anybody. */
export const heirs = ["named", "invited", "anybody"] as const;

/** Named settings; whoever changes one of them has a custom one. */
export const presets = ["open", "careful", "class", "summit"] as const;
export type Preset = (typeof presets)[number] | "custom";

export interface Policy {
  preset: Preset;
  waitingRoom: WaitingRoom;
  may: Readonly<Record<Switch, boolean>>;
  chat: ChatRule;
  muteOnEntry: boolean;
  /** What happens while no host is there: people wait, or meet. */
  withoutHost: "wait" | "meet";
  /** To who waits. */
  showTitle: boolean;
  waitingLine: string;
  personalOnly: boolean;
  heirs: (typeof heirs)[number];
}

/** Before a server has said anything else: as in a meeting among friends. */
export const openPolicy: Policy = {
  preset: "open",
  waitingRoom: "off",
  may: { unmute: true, video: true, share: true, react: true, rename: true, draw: true, files: true },
  chat: "all",
  muteOnEntry: false,
  withoutHost: "meet",
  showTitle: false,
  waitingLine: "",
  personalOnly: false,
  heirs: "invited",
};

export function readPolicy(value: unknown): Policy {
  const own = record(value);
  if (!own) return openPolicy;
  return {
    preset: among([...presets, "custom"] as const, own["preset"], "custom"),
    waitingRoom: among(waitingRooms, own["waitingRoom"], openPolicy.waitingRoom),
    may: readMay(record(own["may"]) ?? {}),
    chat: among(chats, own["chat"], openPolicy.chat),
    muteOnEntry: own["muteOnEntry"] === true,
    withoutHost: own["withoutHost"] === "wait" ? "wait" : "meet",
    showTitle: own["showTitle"] === true,
    waitingLine: word(own["waitingLine"]),
    personalOnly: own["personalOnly"] === true,
    heirs: among(heirs, own["heirs"], openPolicy.heirs),
  };
}

/** A switch that a server does not know is not one that it forbids. */
function readMay(own: Payload): Record<Switch, boolean> {
  return Object.fromEntries(switches.map((name) => [name, own[name] !== false])) as Record<Switch, boolean>;
}

function among<T extends string>(known: readonly T[], value: unknown, otherwise: T): T {
  return known.find((each) => each === value) ?? otherwise;
}
