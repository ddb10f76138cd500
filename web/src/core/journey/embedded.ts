/**
 * A meeting in a frame of somebody's page, and what the two say to each other. Only the page that the frame stands in is
 * listened to, and only if the operator lets its origin; what it hears is where one is and whether one is muted, never who
 * else is there, nor what is said.
 */
export const MARK = "folkmoot";

export type Command =
  | { do: "join"; name?: string; passcode?: string }
  | { do: "leave" }
  | { do: "mute" | "unmute" | "start_video" | "stop_video" };

export interface Told {
  /** `prejoin`, `joining`, `waiting`, `meeting`, `left`, and the sentences on the way. */
  at: string;
  muted: boolean;
  video: boolean;
}

/** The browser's side, so that a test needs none. */
export interface Outside {
  parent: unknown;
  /** The page that the frame stands in, as far as the browser tells. */
  origin: string | undefined;
  listen(heard: (event: { source: unknown; origin: string; data: unknown }) => void): () => void;
  post(message: unknown, origin: string): void;
}

export interface Inside {
  told(): Told;
  /** @returns what ends it */
  follow(changed: () => void): () => void;
  act(command: Command): void;
}

const deeds = ["leave", "mute", "unmute", "start_video", "stop_video"] as const;

export function embed(origins: readonly string[], outside: Outside, inside: Inside): () => void {
  let peer = outside.origin !== undefined && origins.includes(outside.origin) ? outside.origin : undefined;
  let before = "";
  const tell = (): void => {
    if (peer === undefined) return;
    const told = inside.told();
    const now = JSON.stringify(told);
    if (now === before) return;
    before = now;
    outside.post({ [MARK]: "state", ...told }, peer);
  };
  const unlisten = outside.listen(({ source, origin, data }) => {
    if (source !== outside.parent || !origins.includes(origin)) return;
    const command = read(data);
    if (command === undefined) return;
    if (command === "hello" || peer !== origin) before = ""; // it may have begun to listen just now
    peer = origin;
    if (command !== "hello") inside.act(command);
    tell();
  });
  const unfollow = inside.follow(tell);
  tell();
  return () => {
    unlisten();
    unfollow();
  };
}

/** `{folkmoot: "do", do: "mute"}`; `{folkmoot: "hello"}` asks to be told. */
export function read(data: unknown): Command | "hello" | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const said = data as Record<string, unknown>;
  if (said[MARK] === "hello") return "hello";
  if (said[MARK] !== "do") return undefined;
  const wanted = deeds.find((deed) => deed === said["do"]);
  if (wanted) return { do: wanted };
  if (said["do"] !== "join") return undefined;
  return { do: "join", ...text("name", said["name"]), ...text("passcode", said["passcode"]) };
}

function text<Key extends string>(key: Key, said: unknown): Partial<Record<Key, string>> {
  return typeof said === "string" && said.length <= 200 ? ({ [key]: said } as Record<Key, string>) : {};
}
