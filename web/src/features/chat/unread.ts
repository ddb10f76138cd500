/** What of the chat is news to this person. */
import type { Session } from "../../core/meeting/session";

import { outboxOf } from "./outbox";
import { chatLog, type Message } from "./state";

/** Messages of others since the last one that was seen. */
export function newsOf(messages: readonly Message[], seen: number, me: string): number {
  return messages.filter(({ seq, by }) => seq > seen && by !== me).length;
}

/** What was said before one was let in is not news, however late the room is drawn. What comes while one is away is. */
export function forgetThePast(session: Session): () => void {
  const stop = session.entry.subscribe(() => {
    if (session.entry.get().at !== "in") return;
    const last = session.log.of(chatLog).get().messages.at(-1)?.seq ?? 0;
    outboxOf(session).update((box) => ({ ...box, seen: last }));
    stop();
  });
  return stop;
}
