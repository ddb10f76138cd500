/** Two names that look the same are the same, and whoever bears a host's should be seen to. Pure. */
import { isHosting } from "./people";
import type { Present } from "./present";

export interface Alike {
  /** Whose name somebody else has too, short of hosts. */
  doubled: ReadonlySet<string>;
  /** Among them, whose name a host has. */
  likeHost: ReadonlySet<string>;
}

export function alike(people: readonly Pick<Present, "id" | "name" | "role" | "kind">[]): Alike {
  const count = new Map<string, number>();
  for (const { name } of people) count.set(folded(name), (count.get(folded(name)) ?? 0) + 1);
  const hosts = new Set(people.filter(({ role }) => isHosting(role)).map(({ name }) => folded(name)));
  // A member's name is their account's: whoever else bears it is the one to look at.
  const others = people.filter(
    ({ role, kind }) => !isHosting(role) && role !== "service" && kind !== "member",
  );
  return {
    doubled: new Set(others.filter(({ name }) => (count.get(folded(name)) ?? 0) > 1).map(({ id }) => id)),
    likeHost: new Set(others.filter(({ name }) => hosts.has(folded(name))).map(({ id }) => id)),
  };
}

/** As the server folds them. */
function folded(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s/g, "");
}
