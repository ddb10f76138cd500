/** What only hosts are told, or what only they do: who waits, what was stopped, and who did what just before. */
import { type Policy, readPolicy } from "./policy";
import { type Payload, record, records, word, words } from "./wire";

/** What a host should know of somebody before letting them in. */
export const marks = ["host_name", "same_name", "was_removed", "link_in_use", "guessed"] as const;
export type Mark = (typeof marks)[number];

export interface Waiter {
  id: string;
  name: string;
  at: string;
  picture: string;
  marks: readonly Mark[];
  /** Which hosts have said yes, where one is not enough. */
  yes: readonly string[];
}

export interface Stopped {
  at: string;
  by: string;
  name: string;
  /** As it was before, and will be again. */
  kept: Policy;
}

export interface Recent {
  participant: string;
  name: string;
  did: readonly { what: string; at: string }[];
}

export function readWaiter(own: Payload): Waiter {
  const said = words(own["marks"]);
  return {
    id: word(own["id"]),
    name: word(own["name"]),
    at: word(own["at"]),
    picture: word(own["picture"]),
    marks: marks.filter((mark) => said.includes(mark)),
    yes: words(own["yes"]),
  };
}

export function readStopped(value: unknown): Stopped | null {
  const own = record(value);
  if (!own) return null;
  return {
    at: word(own["at"]),
    by: word(own["by"]),
    name: word(own["name"]),
    kept: readPolicy(own["kept"]),
  };
}

export function readRecent(own: Payload): Recent {
  return {
    participant: word(own["participant"]),
    name: word(own["name"]),
    did: records(own["did"]).map(({ what, at }) => ({ what: word(what), at: word(at) })),
  };
}
