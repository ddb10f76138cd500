/**
 * Files that this person brings: chosen, then on their way in the place of their message, then there. One is given up or tried
 * again like a message; what is tried again has the same command, so that it is there once.
 */
import { createFilesApi, type FilesApi, type Upload } from "../../core/api/files-client";
import type { Refusal } from "../../core/api/types";
import { ofSession } from "../../core/meeting/of-session";
import type { Session } from "../../core/meeting/session";
import { previewOf } from "../../core/preview";

import { change, type Draft, drafted, MOST_CHOSEN, outboxOf } from "./outbox";

/** What comes in the way of a server that says nothing. */
const UNSAID: Refusal = { code: "unreachable", params: {} };

export const filesOf = ofSession<FilesApi>((session) =>
  createFilesApi({ number: session.passage.join.meeting.number, token: () => session.token }),
);
const underWay = ofSession(() => new Map<string, Upload>());

/** What is chosen waits beside the field: a picture pasted by mistake is seen before it is sent. */
export function choose(session: Session, files: readonly File[]): void {
  outboxOf(session).update((box) => ({ ...box, chosen: [...box.chosen, ...files].slice(0, MOST_CHOSEN) }));
}

export function unchoose(session: Session, file: File): void {
  outboxOf(session).update((box) => ({ ...box, chosen: box.chosen.filter((each) => each !== file) }));
}

/** Every chosen file is a message of its own. One goes after the other, so that they stand as they were chosen. */
export function bringChosen(session: Session, to: string | null, replyTo: string | null): void {
  const { chosen } = outboxOf(session).get();
  outboxOf(session).update((box) => ({ ...box, chosen: [] }));
  const drafts = chosen.map((file) => drafted(session, { text: "", to, replyTo, file, part: 0 }));
  void (async () => {
    for (const draft of drafts) await bring(session, draft);
  })();
}

export function bringAgain(session: Session, draft: Draft): void {
  const again: Draft = { ...draft, state: "sending", part: 0 };
  change(session, draft.id, again);
  void bring(session, again);
}

export function giveUp(session: Session, { id }: Draft): void {
  change(session, id);
  underWay(session).get(id)?.cancel();
}

async function bring(session: Session, draft: Draft): Promise<void> {
  const { id, file, to, replyTo } = draft;
  if (!file || !still(session, id)) return;
  const why = await hindrance(session, file);
  if (why) return unsent(session, id, why);
  const preview = await previewOf(file);
  if (!still(session, id)) return;
  const parcel = { command: id, file, name: file.name, preview, to, replyTo };
  const upload = filesOf(session).bring(parcel, (part) => moved(session, id, part));
  underWay(session).set(id, upload);
  const answer = await upload.done;
  underWay(session).delete(id);
  if (answer.kind === "ok") change(session, id);
  else unsent(session, id, answer.kind === "refused" ? answer.refusal : UNSAID);
}

/** Asked first: a server that refuses half-way hangs up, and a browser then knows nothing but that. */
async function hindrance(session: Session, file: File): Promise<Refusal | undefined> {
  if (file.size === 0) return { code: "files.empty", params: {} };
  const answer = await filesOf(session).allowance();
  if (answer.kind === "refused") return answer.refusal;
  if (answer.kind === "unreachable") return UNSAID;
  const { most, left } = answer.value;
  if (file.size > most) return { code: "files.too_large", params: { most } };
  return file.size > left ? { code: "files.quota", params: { most: left } } : undefined;
}

function still(session: Session, id: string): Draft | undefined {
  return outboxOf(session)
    .get()
    .drafts.find((each) => each.id === id);
}

function moved(session: Session, id: string, part: number): void {
  const draft = still(session, id);
  if (draft) change(session, id, { ...draft, part });
}

function unsent(session: Session, id: string, why: Refusal): void {
  const draft = still(session, id);
  if (draft) change(session, id, { ...draft, state: "unsent", why });
}
