/** The waiting room, as the channel tells it: a welcome of its own kind, with one line and nothing of the meeting. Pure. */
import type { Waiting } from "../journey/room";

import { record, type Welcome, word, type You } from "./wire";

const reasons = ["waiting", "no_host", "sent", "link_in_use"] as const;

export function isWaiting({ role }: You): boolean {
  return role === "waiting";
}

/** @returns what who waits is told; undefined for who is let in */
export function waitingOf({ you, snapshot }: Welcome): Waiting | undefined {
  if (!isWaiting(you)) return undefined;
  const told = record(record(snapshot["meeting"])?.["waiting"]) ?? {};
  return {
    reason: reasons.find((reason) => reason === told["reason"]) ?? "waiting",
    line: word(told["line"]),
    title: word(told["title"]) || null,
    host: word(told["host"]) || null,
  };
}
