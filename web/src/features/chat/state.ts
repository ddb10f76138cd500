/** The messages this person may see, in the order of the log. */
import type { LogFeature } from "../../core/meeting/log";
import { type LogEvent, type Payload, records, whole, word } from "../../core/meeting/wire";

export interface Message {
  id: string;
  seq: number;
  at: string;
  by: string;
  /** As it was when the message was written; its writer may be gone. */
  name: string;
  text: string;
  /** The one person who may read it besides its writer; null = everybody. */
  to: string | null;
  /** The message it answers; it may be gone. */
  replyTo: string | null;
  isEdited: boolean;
  /** What each person answered it with. */
  reactions: Readonly<Record<string, string>>;
  /** What was brought instead of words. */
  file?: Attached;
}

export interface Attached {
  id: string;
  name: string;
  type: string;
  size: number;
  preview?: { id: string; width: number; height: number };
}

export interface Chat {
  messages: readonly Message[];
  enabled: boolean;
  /** Names of everybody seen, so that a message keeps its name when its writer has left. */
  names: Readonly<Record<string, string>>;
}

/** What is kept on the page; older ones are on the server. */
const MOST_MESSAGES = 10_000;

export const chatLog: LogFeature<Chat> = {
  name: "chat",
  initial: { messages: [], enabled: true, names: {} },
  restore: (own, snapshot) => ({
    messages: records(own["messages"]).map(readMessage),
    enabled: own["enabled"] !== false,
    names: namesOf(snapshot),
  }),
  evolve,
};

function evolve(state: Chat, event: LogEvent): Chat {
  const { feature, type, payload } = event;
  if (feature === "meeting") return remembered(state, event);
  if (feature !== "chat") return state;
  switch (type) {
    case "sent": {
      const message = readMessage({ ...payload, seq: event.seq, at: event.at, by: event.by });
      if (state.messages.some(({ id }) => id === message.id)) return state;
      const name = message.name || (state.names[message.by] ?? "");
      return { ...state, messages: [...state.messages, { ...message, name }].slice(-MOST_MESSAGES) };
    }
    case "edited": {
      const message = { ...readMessage({ ...payload, by: event.by }), isEdited: true };
      const at = state.messages.findIndex(({ id }) => id === message.id);
      if (at < 0) return { ...state, messages: inOrder([...state.messages, message]) };
      return changed(state, message.id, ({ name, reactions }) => ({ ...message, name, reactions }));
    }
    case "reacted":
      return changed(state, word(payload["id"]), (message) => ({
        ...message,
        reactions: reacted(message.reactions, event.by ?? "", word(payload["emoji"])),
      }));
    case "deleted": {
      const gone = word(payload["id"]);
      return { ...state, messages: state.messages.filter(({ id }) => id !== gone) };
    }
    default:
      return state;
  }
}

function changed(state: Chat, id: string, change: (message: Message) => Message): Chat {
  if (!state.messages.some((message) => message.id === id)) return state;
  return {
    ...state,
    messages: state.messages.map((message) => (message.id === id ? change(message) : message)),
  };
}

/** Whoever missed the first writing gets it with its change, in the place it had. */
function inOrder(messages: readonly Message[]): readonly Message[] {
  return messages.toSorted((one, other) => one.seq - other.seq);
}

function reacted(before: Message["reactions"], by: string, emoji: string): Message["reactions"] {
  const { [by]: _, ...others } = before;
  return emoji === "" ? others : { ...others, [by]: emoji };
}

function remembered(state: Chat, { type, payload }: LogEvent): Chat {
  if (type !== "joined" && type !== "renamed") return state;
  const id = word(payload["id"]) || word(payload["participant"]);
  return { ...state, names: { ...state.names, [id]: word(payload["name"]) } };
}

function namesOf(snapshot: Payload): Record<string, string> {
  const meeting = snapshot["meeting"] as Payload | undefined;
  return Object.fromEntries(records(meeting?.["people"]).map(({ id, name }) => [word(id), word(name)]));
}

function readMessage(payload: Payload): Message {
  return {
    id: word(payload["id"]),
    seq: whole(payload["seq"]),
    at: word(payload["at"]),
    by: word(payload["by"]),
    name: word(payload["name"]),
    text: word(payload["text"]),
    to: word(payload["to"]) || null,
    replyTo: word(payload["reply_to"]) || null,
    isEdited: word(payload["edited"]) !== "",
    reactions: Object.fromEntries(
      Object.entries((payload["reactions"] ?? {}) as Payload).map(([by, emoji]) => [by, word(emoji)]),
    ),
    ...readAttached(payload["file"]),
  };
}

function readAttached(value: unknown): { file: Attached } | undefined {
  const [own] = records([value]);
  if (!own) return undefined;
  const { id, name, type, size, preview } = own;
  const file = { id: word(id), name: word(name), type: word(type), size: whole(size) };
  const [small] = records([preview]);
  if (!small) return { file };
  const { width, height } = small;
  return {
    file: { ...file, preview: { id: word(small["id"]), width: whole(width), height: whole(height) } },
  };
}

/** How often each sign was given, most first, and whether by oneself. */
export function counted(
  reactions: Message["reactions"],
  me: string,
): { emoji: string; by: string[]; isMine: boolean }[] {
  const by = new Map<string, string[]>();
  for (const [who, emoji] of Object.entries(reactions)) by.set(emoji, [...(by.get(emoji) ?? []), who]);
  return [...by]
    .map(([emoji, people]) => ({ emoji, by: people, isMine: people.includes(me) }))
    .toSorted((one, other) => other.by.length - one.by.length);
}

/** The messages that have all the words that are looked for, in their text or in their writer's name. */
export function found(messages: readonly Message[], wanted: string): readonly Message[] {
  const words = plain(wanted).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return messages;
  return messages.filter(({ text, name, file }) => {
    const said = plain(`${name} ${text} ${file?.name ?? ""}`);
    return words.every((each) => said.includes(each));
  });
}

/** As one looks for it: without case, width or accents. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Lines of one person that follow each other, for the same eyes, within five minutes. */
export interface Block {
  key: string;
  by: string;
  name: string;
  at: string;
  to: string | null;
  lines: readonly Message[];
}

const TOGETHER_MS = 5 * 60_000;
/** A block is drawn as a whole; a monologue gets its head anew. */
const MOST_LINES = 12;

export function blocks(messages: readonly Message[]): Block[] {
  const result: (Block & { lines: Message[] })[] = [];
  for (const message of messages) {
    const last = result.at(-1);
    if (last && belongs(message, last)) {
      last.lines.push(message);
    } else {
      const { id, by, name, at, to } = message;
      result.push({ key: id, by, name, at, to, lines: [message] });
    }
  }
  return result;
}

function belongs({ by, to, at }: Message, last: Block): boolean {
  return (
    last.by === by &&
    last.to === to &&
    last.lines.length < MOST_LINES &&
    Date.parse(at) - Date.parse(last.at) < TOGETHER_MS
  );
}
