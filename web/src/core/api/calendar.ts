/** For the time being by hand, from the contract; generated as soon as the server has its routes. */
type Who = "link" | "signed_in" | "invited";
type Mine = "owner" | "cohost" | "invited";
type Kind = "planned" | "room" | "instant";
type Said = "yes" | "no" | "maybe" | null;

export interface Occurrence {
  meeting: string;
  at: string;
  number: string;
  title: string;
  starts_at: string;
  ends_at: string;
  time_zone: string;
  state: "planned" | "open" | "running" | "over" | "cancelled";
  changed: boolean;
  mine: Mine;
  answer: Said;
  invited: number;
  organiser: string;
  repeats: boolean;
  kind: Kind;
}
export interface Held {
  meeting: string;
  n: number;
  number: string;
  title: string;
  kind: Kind;
  began_at: string;
  ended_at: string | null;
  people: number;
  mine: Mine;
  attendance: boolean;
}
export interface Board {
  now: Occurrence[];
  next: Occurrence | null;
  today: Occurrence[];
  coming: Occurrence[];
  earlier: Held[];
  time_zone: string;
}
export interface Invitation {
  id: string;
  name: string;
  address: string | null;
  account: string | null;
  language: string;
  cohost: boolean;
  answer: Said;
  revoked: boolean;
  used: boolean;
  link: string | null;
  mailed: boolean;
}
export interface Planned {
  id: string;
  number: string;
  kind: Kind;
  title: string;
  notes: string;
  starts: string | null;
  minutes: number;
  time_zone: string;
  rrule: string | null;
  preset: string;
  waiting_room: "off" | "guests" | "everyone" | null;
  who: Who;
  early_minutes: number;
  capacity: number | null;
  attendance: boolean;
  mine: Mine;
  organiser: string;
  answer: Said;
  link: string | null;
  passcode: string | null;
  sequence: number;
  cancelled: boolean;
  made_at: string;
  next: Occurrence | null;
  coming: Occurrence[];
  earlier: Held[];
  people: Invitation[];
}
export interface Roll {
  name: string;
  account: boolean;
  came_at: string;
  left_at: string | null;
  minutes: number;
}
export interface HeldShown extends Held {
  chat: { at: string; name: string; text: string }[];
  polls: number;
  kept_until: string | null;
  roll: Roll[] | null;
}
export interface AttendanceShown {
  people: Roll[];
  checks: { at: string; present: string[] }[];
}
export interface AnswerShown {
  title: string;
  organiser: string;
  starts_at: string | null;
  ends_at: string | null;
  time_zone: string;
  rrule: string | null;
  cancelled: boolean;
  name: string;
  answer: Said;
  link: string | null;
}
export interface FeedShown {
  address: string;
}
export interface Template {
  id: string;
  name: string;
  title: string;
  minutes: number;
  preset: string;
  waiting_room: "off" | "guests" | "everyone" | null;
  who: Who;
  early_minutes: number;
  capacity: number | null;
  attendance: boolean;
}
export interface RingAnswer {
  open: boolean;
  mailed: boolean;
  quiet: boolean;
}
export interface Rings {
  rings: { id: string; meeting: string; number: string; title: string; by: string; at: string }[];
}
export interface Quiet {
  from: string | null;
  to: string | null;
  mail: boolean;
}
export interface Imported {
  made: Planned[];
  left: { line: number; why: string }[];
}

export const shapes = {
  Planned: { id: "string", number: "string" },
  Board: { earlier: "nothing", today: "nothing" },
  Held: { meeting: "string" },
  HeldShown: { meeting: "string" },
  AttendanceShown: { people: "nothing" },
  Invitation: { id: "string" },
  AnswerShown: { title: "string" },
  FeedShown: { address: "string" },
  Template: { id: "string" },
  RingAnswer: { open: "boolean" },
  Rings: { rings: "nothing" },
  Quiet: { mail: "boolean" },
} as const;
