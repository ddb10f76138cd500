/** What I wrote and the server has not yet said yes to. It stays here, in its place, until it is sent or deleted. */
import type { Refusal } from "../../core/api/types";
import { ofSession } from "../../core/meeting/of-session";
import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

export interface Draft {
  id: string;
  text: string;
  to: string | null;
  replyTo: string | null;
  at: string;
  state: "sending" | "unsent";
  /** Instead of words. */
  file?: File;
  /** The part of it that has gone, 0 to 1. */
  part?: number;
  /** Why the server doesn't take it. */
  why?: Refusal;
}

export interface Addressee {
  id: string;
  name: string;
}

export interface Outbox {
  drafts: readonly Draft[];
  /** What stands in the field; it survives closing the panel. */
  field: string;
  /** For whom it is, and what they are called; null = everybody. It is never changed by anybody else's leaving. */
  to: Addressee | null;
  /** The message that the next one answers. */
  replyTo: string | null;
  /** Files that go with the next message. */
  chosen: readonly File[];
  /** Files are held over the page. */
  isOver: boolean;
  /** Number in the log of the last message that was seen; before the first snapshot everything was. */
  seen: number;
}

let count = 0;

export const outboxOf = ofSession(
  () =>
    new Store<Outbox>({
      drafts: [],
      field: "",
      to: null,
      replyTo: null,
      chosen: [],
      isOver: false,
      seen: Number.POSITIVE_INFINITY,
    }),
);

export const MOST_CHARACTERS = 4000;
/** Files that go with one message. */
export const MOST_CHOSEN = 10;

export function isTooLong(text: string): boolean {
  return text.length > MOST_CHARACTERS;
}

export function trimmed(text: string): string {
  return text.replace(/^[\s\u3000]+|[\s\u3000]+$/gu, "");
}

export function send(session: Session, text: string, to: string | null, replyTo: string | null): void {
  void deliver(session, drafted(session, { text, to, replyTo }));
}

/** In its place from now on. */
export function drafted(
  session: Session,
  what: Pick<Draft, "text" | "to" | "replyTo" | "file" | "part">,
): Draft {
  count += 1;
  const id = `chat-${Date.now().toString(36)}-${count}`;
  const at = new Date(session.serverNow()).toISOString();
  const draft: Draft = { ...what, id, at, state: "sending" };
  outboxOf(session).update((box) => ({ ...box, drafts: [...box.drafts, draft] }));
  return draft;
}

/** With the same id: if the first try arrived after all, this one is harmless. */
export function retry(session: Session, draft: Draft): void {
  change(session, draft.id, { ...draft, state: "sending" });
  void deliver(session, draft);
}

export function discard(session: Session, draft: Draft): void {
  change(session, draft.id);
}

async function deliver(session: Session, { id, text, to, replyTo }: Draft): Promise<void> {
  const payload = {
    text,
    ...(to === null ? {} : { to }),
    ...(replyTo === null ? {} : { reply_to: replyTo }),
  };
  const outcome = await session.do("chat", "send", payload, { id, deadlineMs: UNSENT_AFTER_MS });
  if (outcome.kind === "done") change(session, id);
  else {
    const draft = outboxOf(session)
      .get()
      .drafts.find((each) => each.id === id);
    if (draft) change(session, id, { ...draft, state: "unsent" });
  }
}

/** @param next none: it is there, or was given up */
export function change(session: Session, id: string, next?: Draft): void {
  outboxOf(session).update((box) => ({
    ...box,
    drafts: box.drafts.flatMap((draft) => (draft.id === id ? (next ?? []) : draft)),
  }));
}
