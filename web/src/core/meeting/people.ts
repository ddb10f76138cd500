/** The feature `meeting`: what it is called, who is in it, whether its door is locked. */
import type { LogFeature } from "./log";
import { type LogEvent, type Payload, records, word, words } from "./wire";

export type Role = "host" | "guest";

export interface Person {
  id: string;
  name: string;
  role: Role;
  joinedAt: string;
}

export interface Meeting {
  title: string;
  number: string;
  locked: boolean;
  startedAt: string;
  /** In the order they came. */
  people: readonly Person[];
  /** Whose channel is gone for the moment; their place is kept. */
  away: readonly string[];
  ended: boolean;
}

export const meetingFeature: LogFeature<Meeting> = {
  name: "meeting",
  initial: { title: "", number: "", locked: false, startedAt: "", people: [], away: [], ended: false },
  restore: (own) => ({
    title: word(own["title"]),
    number: word(own["number"]),
    locked: own["locked"] === true,
    startedAt: word(own["startedAt"]),
    people: records(own["people"]).map(readPerson),
    away: words(own["away"]),
    ended: own["ended"] === true,
  }),
  evolve(state, event) {
    return event.feature === "meeting" ? evolve(state, event) : state;
  },
};

function evolve(state: Meeting, { type, at, payload }: LogEvent): Meeting {
  switch (type) {
    case "joined": {
      const person = readPerson({ joinedAt: at, ...payload });
      return {
        ...state,
        people: [...without(state.people, person.id), person],
        away: present(state, person.id),
      };
    }
    case "left":
      return gone(state, word(payload["id"]));
    case "away":
      return away(state, word(payload["participant"]));
    case "back":
      return { ...state, away: present(state, word(payload["participant"])) };
    case "locked":
      return { ...state, locked: payload["locked"] === true };
    case "role_changed":
      return changed(state, payload, { role: readRole(payload["role"]) });
    case "renamed":
      return changed(state, payload, { name: word(payload["name"]) });
    case "ended":
      return { ...state, ended: true };
    default:
      return state;
  }
}

function gone(state: Meeting, id: string): Meeting {
  return { ...state, people: without(state.people, id), away: present(state, id) };
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

function without(people: readonly Person[], id: string): Person[] {
  return people.filter((person) => person.id !== id);
}

function readPerson(payload: Payload): Person {
  return {
    id: word(payload["id"]),
    name: word(payload["name"]),
    role: readRole(payload["role"]),
    joinedAt: word(payload["joinedAt"]),
  };
}

function readRole(value: unknown): Role {
  return value === "owner" || value === "host" || value === "cohost" ? "host" : "guest";
}
