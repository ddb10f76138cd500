/** The feature `meeting`: what it is called, who is in it and who waits, what its hosts have set. */
import type { LogFeature } from "./log";
import { type Floor, readFloor } from "./floor";
import { openPolicy, type Policy, readPolicy } from "./policy";
import { type Recent, readRecent, readStopped, readWaiter, type Stopped, type Waiter } from "./hosted";
import { type LogEvent, type Payload, record, records, word, words } from "./wire";

const roles = ["owner", "host", "cohost", "member", "guest"] as const;
export type Role = (typeof roles)[number];
const kinds = ["member", "outsider", "guest"] as const;

/** Whose name is an account's of this house, an account's of elsewhere, or only typed. */
export type Kind = (typeof kinds)[number];

export interface Person {
  id: string;
  name: string;
  role: Role;
  joinedAt: string;
  kind?: Kind;
  /** Of an account: its organisation, or "". */
  org?: string;
  /** Of an account: the id of its picture, or "". */
  picture?: string;
}

/** What the server lets one person do besides or against what it lets all. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, boolean>>>>;

export interface Meeting {
  title: string;
  number: string;
  locked: boolean;
  startedAt: string;
  /** So many minutes a meeting may last here; null: as long as it likes. */
  minutes: number | null;
  /** When it is over by that, once somebody is in; "": never. */
  endsAt: string;
  /** So many people may be in; null: as many as come. */
  most: number | null;
  /** In the order they came. */
  people: readonly Person[];
  /** Whose channel is gone for the moment; their place is kept. */
  away: readonly string[];
  ended: boolean;
  policy: Policy;
  /** What it is never looser than. */
  floor: Floor;
  stopped: Stopped | null;
  /** For all, in this order. */
  spotlight: readonly string[];
  /** Who takes over when the last host leaves. */
  successor: string | null;
  /** Somebody is there who hosts. */
  hosted: boolean;
  /** To hosts alone, oldest first; for everybody else always empty. */
  waiting: readonly Waiter[];
  overrides: Overrides;
  /** Who did what before everything was stopped. */
  recent: readonly Recent[];
}

export const meetingFeature: LogFeature<Meeting> = {
  name: "meeting",
  initial: {
    title: "",
    number: "",
    locked: false,
    startedAt: "",
    minutes: null,
    endsAt: "",
    most: null,
    people: [],
    away: [],
    ended: false,
    policy: openPolicy,
    floor: {},
    stopped: null,
    spotlight: [],
    successor: null,
    hosted: true,
    waiting: [],
    overrides: {},
    recent: [],
  },
  restore: (own) => ({
    title: word(own["title"]),
    number: word(own["number"]),
    locked: own["locked"] === true,
    startedAt: word(own["startedAt"]),
    ...readLimits(own),
    most: count(own["most"]),
    people: records(own["people"]).map(readPerson),
    away: words(own["away"]),
    ended: own["ended"] === true,
    policy: readPolicy(own["policy"]),
    floor: readFloor(own["floor"]),
    stopped: readStopped(own["stopped"]),
    spotlight: words(own["spotlight"]),
    successor: word(own["successor"]) || null,
    hosted: own["hosted"] !== false,
    waiting: records(own["waiting"]).map(readWaiter),
    overrides: readOverrides(own["overrides"]),
    recent: records(own["recent"]).map(readRecent),
  }),
  evolve(state, event) {
    return event.feature === "meeting" ? (evolutions[event.type]?.(state, event) ?? state) : state;
  },
};

/** What each event of the meeting changes. One that is not here leaves no state. */
const evolutions: Readonly<Record<string, (state: Meeting, event: LogEvent) => Meeting>> = {
  joined: (state, { at, payload }) => came(state, readPerson({ joinedAt: at, ...payload })),
  left: (state, { payload }) => gone(state, word(payload["id"])),
  away: (state, { payload }) => away(state, word(payload["participant"])),
  back: (state, { payload }) => ({ ...state, away: present(state, word(payload["participant"])) }),
  locked: (state, { payload }) => ({ ...state, locked: payload["locked"] === true }),
  role_changed: (state, { payload }) => changed(state, payload, { role: readRole(payload["role"]) }),
  renamed: (state, { payload }) => changed(state, payload, { name: word(payload["name"]) }),
  picture: (state, { payload }) => pictured(state, word(payload["participant"]), word(payload["picture"])),
  limits: (state, { payload }) => ({ ...state, ...readLimits(payload), most: count(payload["people"]) }),
  ended: (state) => ({ ...state, ended: true }),
  policy: (state, { payload }) => ({ ...state, policy: readPolicy(payload["policy"] ?? payload) }),
  floor: (state, { payload }) => ({ ...state, floor: readFloor(payload["rules"]) }),
  stopped: (state, { at, payload }) => ({ ...state, stopped: readStopped({ at, ...payload }) }),
  resumed: (state, { payload }) =>
    payload["over"] === true ? { ...state, stopped: null, recent: [] } : state,
  recent: (state, { payload }) => ({ ...state, recent: records(payload["people"]).map(readRecent) }),
  spotlight: (state, { payload }) => ({ ...state, spotlight: words(payload["participants"]) }),
  successor: (state, { payload }) => ({ ...state, successor: word(payload["participant"]) || null }),
  hosted: (state, { payload }) => ({ ...state, hosted: payload["hosted"] === true }),
  waiting: (state, { at, payload }) => waits(state, readWaiter({ at, ...payload })),
  admitted_by: (state, { payload }) => ({ ...state, waiting: said(state, payload) }),
  waiting_left: (state, { payload }) => ({ ...state, waiting: without(state.waiting, word(payload["id"])) }),
  overrides: (state, { payload }) => ({ ...state, overrides: overridden(state, payload) }),
};

function readLimits(own: Payload): Pick<Meeting, "minutes" | "endsAt"> {
  return { minutes: count(own["minutes"]), endsAt: word(own["endsAt"]) };
}

function count(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function came(state: Meeting, person: Person): Meeting {
  return {
    ...state,
    people: [...without(state.people, person.id), person],
    away: present(state, person.id),
    waiting: without(state.waiting, person.id),
  };
}

function gone(state: Meeting, id: string): Meeting {
  return {
    ...state,
    people: without(state.people, id),
    away: present(state, id),
    spotlight: state.spotlight.filter((other) => other !== id),
    successor: state.successor === id ? null : state.successor,
  };
}

/** Who comes again keeps their place in the line. */
function waits(state: Meeting, waiter: Waiter): Meeting {
  const isKnown = state.waiting.some(({ id }) => id === waiter.id);
  const waiting = isKnown
    ? state.waiting.map((other) => (other.id === waiter.id ? waiter : other))
    : [...state.waiting, waiter];
  return { ...state, waiting };
}

/** One host's yes, of those that are needed. */
function said({ waiting }: Meeting, { id, by }: Payload): readonly Waiter[] {
  return waiting.map((one) => (one.id === id ? { ...one, yes: [...one.yes, word(by)] } : one));
}

function away(state: Meeting, id: string): Meeting {
  return { ...state, away: [...present(state, id), id] };
}

/** Who else is away, when this one no longer is. */
function present({ away: all }: Meeting, id: string): readonly string[] {
  return all.filter((other) => other !== id);
}

function changed(state: Meeting, payload: Payload, change: Partial<Person>): Meeting {
  const id = word(payload["participant"]) || word(payload["id"]);
  const people = state.people.map((person) => (person.id === id ? { ...person, ...change } : person));
  return { ...state, people };
}

/** Of who is in; hosts hear it of who waits, too. */
function pictured(state: Meeting, id: string, picture: string): Meeting {
  const shown = <One extends { id: string }>(one: One): One => (one.id === id ? { ...one, picture } : one);
  return { ...state, people: state.people.map(shown), waiting: state.waiting.map(shown) };
}

/** One person's, or all of them. */
function overridden({ overrides }: Meeting, payload: Payload): Overrides {
  const id = word(payload["participant"]);
  if (id === "") return readOverrides(payload["overrides"] ?? payload);
  return { ...overrides, [id]: readFlags(payload["may"]) };
}

function without<T extends { id: string }>(people: readonly T[], id: string): readonly T[] {
  return people.some((person) => person.id === id) ? people.filter((person) => person.id !== id) : people;
}

function readPerson(payload: Payload): Person {
  return {
    id: word(payload["id"]),
    name: word(payload["name"]),
    role: readRole(payload["role"]),
    joinedAt: word(payload["joinedAt"]),
    kind: kinds.find((kind) => kind === payload["kind"]) ?? "guest",
    org: word(payload["org"]),
    picture: word(payload["picture"]),
  };
}

export function readRole(value: unknown): Role {
  return roles.find((role) => role === value) ?? "guest";
}

/** Whose chip and whose section says that they host. What one may do oneself is read from `may`. */
export function isHosting(role: string): boolean {
  return role === "owner" || role === "host" || role === "cohost";
}

function readOverrides(value: unknown): Overrides {
  const found = Object.entries(record(value) ?? {});
  return Object.fromEntries(found.map(([id, flags]) => [id, readFlags(flags)]));
}

function readFlags(value: unknown): Record<string, boolean> {
  const found = Object.entries(record(value) ?? {}).filter(([, flag]) => typeof flag === "boolean");
  return Object.fromEntries(found) as Record<string, boolean>;
}
