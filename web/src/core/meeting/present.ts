/** Everybody in the meeting: the log says who is here, the media say what of them is heard and seen. Pure. */
import type { MediaState, PersonMedia, Sound } from "./media/state";
import type { Kind, Meeting, Person, Role } from "./people";

export interface Present {
  id: string;
  name: string;
  role: Role | "service";
  kind?: Kind;
  org?: string;
  picture?: string;
  self: boolean;
  microphone: Sound;
  camera: boolean;
  screen: boolean;
  screenSince?: number;
  line: "good" | "weak";
  paused: boolean;
  /** `connecting`: here by the log, not yet by the media. `reconnecting`: was there before. */
  connection: "in" | "connecting" | "reconnecting";
}

/**
 * Who is away has no tile, and keeps their place. But nobody who can hear the meeting is missing: who is on the media, alone or
 * in spite of being away, has one.
 * @param known whoever has been on the media before
 */
export function together(
  { people: everybody, away }: Meeting,
  { people: media, own, phase }: MediaState,
  me: Person,
  known: ReadonlySet<string>,
): Present[] {
  const people = everybody.filter(({ id }) => id === me.id || !away.includes(id) || media[id]);
  const listed = people.some(({ id }) => id === me.id) ? people : [...people, me];
  const present = listed.map((person): Present => {
    const self = person.id === me.id;
    const found = media[person.id];
    const shown = self
      ? {
          microphone: soundOf(own.microphone),
          camera: own.camera && own.cameraStands !== "asking",
          screen: own.sharing,
        }
      : {
          microphone: found?.microphone ?? "none",
          camera: found?.camera ?? false,
          screen: found?.screen ?? false,
        };
    return {
      id: person.id,
      name: person.name,
      role: person.role,
      ...(person.kind && { kind: person.kind, org: person.org ?? "", picture: person.picture ?? "" }),
      self,
      ...shown,
      screenSince: found?.screenSince ?? 0,
      line: found?.line ?? "good",
      paused: !self && (found?.paused ?? false),
      connection:
        self || found || phase !== "up" ? "in" : known.has(person.id) ? "reconnecting" : "connecting",
    };
  });
  const ids = new Set(listed.map(({ id }) => id));
  const others = Object.values(media).filter(({ id }) => !ids.has(id));
  return [...present, ...others.map(unlisted)];
}

function unlisted({
  id,
  name,
  service,
  microphone,
  camera,
  screen,
  screenSince,
  line,
  paused,
}: PersonMedia): Present {
  return {
    id,
    name: name || id,
    role: service ? "service" : "guest",
    self: false,
    microphone,
    camera,
    screen,
    screenSince,
    line,
    paused,
    connection: "in",
  };
}

/** The same list, and the same people in it, when nothing changed: React then skips. */
export function settle(before: readonly Present[], after: readonly Present[]): readonly Present[] {
  const old = new Map(before.map((person) => [person.id, person]));
  const result = after.map((person) => {
    const kept = old.get(person.id);
    return kept && isSame(kept, person) ? kept : person;
  });
  const same = result.length === before.length && result.every((person, index) => person === before[index]);
  return same ? before : result;
}

function isSame(a: Present, b: Present): boolean {
  return (Object.keys(a) as (keyof Present)[]).every((field) => a[field] === b[field]);
}

function soundOf(on: boolean): Sound {
  return on ? "live" : "muted";
}
